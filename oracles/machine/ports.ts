import { createServer } from "node:net";
import { OracleError, systemCodeOf } from "./oracle-error.ts";

/** Whether a loopback port is free. An old API server would otherwise answer in place of the new one. */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", (error) => {
    if (systemCodeOf(error) === "EADDRINUSE") resolve(false);
    else reject(error);
  });
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}

export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new OracleError(
    "port-taken",
    `port ${port} is in use on 127.0.0.1: choose another with --port, or leave it out`,
  );
}

/** Ports that are free now, all different: every listener stays open until the last one is known. */
export async function findFreePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenAnywhere(host)));
  const ports = servers.map((server) => server.port);
  await Promise.all(servers.map((server) => server.close()));
  return ports;
}

async function listenAnywhere(host: string): Promise<{ port: number; close: () => Promise<void> }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; close: () => Promise<void> }>();
  const server = createServer();
  server.once("error", reject);
  server.listen({ port: 0, host, exclusive: true }, () => {
    const address = server.address();
    if (address === null || typeof address === "string") {
      reject(new OracleError("bad-state", "the system gave no port number"));
      return;
    }
    const close = async (): Promise<void> => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    };
    resolve({ port: address.port, close });
  });
  return promise;
}
