import { once } from "node:events";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { existsSync } from "node:fs";

export interface NatsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's package nats-server; elsewhere it is a download of one file. */
export const natsProgram = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"].find(
  existsSync,
);

/** A NATS with JetStream in a folder. */
export async function startNats(program: string, folder: string): Promise<NatsServer> {
  const port = await freePort();
  const args = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("exit", () => reject(new Error(`nats-server ended: ${said}`)));
  child.once("error", reject);
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes("Server is ready")) resolve();
  });
  await promise;
  return {
    url: `nats://127.0.0.1:${port}`,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
