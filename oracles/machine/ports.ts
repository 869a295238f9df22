import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { portAttemptsMax, portsFrom, portsTo } from "./limits.ts";
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

/**
 * Ports that are free now, all different, and below those that the system gives to outgoing connections: none of these
 * takes one before its listener does. Above 30000 are the ports of services.
 */
export async function findFreePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt += 1) {
    if (attempt > portAttemptsMax) throw new OracleError("bad-state", `no ${count} ports are free on ${host}`);
    const port = randomInt(portsFrom, portsTo);
    if (await isPortFree(port, host)) found.add(port);
  }
  return [...found];
}
