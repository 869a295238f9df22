import assert from "node:assert/strict";
import { createServer } from "node:net";
import test from "node:test";
import { findFreePorts, isPortFree, requireFreePort } from "./ports.ts";

test("gives different ports that are free", async () => {
  const ports = await findFreePorts(8);
  assert.equal(new Set(ports).size, 8);
  for (const port of ports) assert.equal(await isPortFree(port), true);
});

test("refuses a port on which somebody listens, and names it", async (t) => {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => resolve());
  await promise;
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  await assert.rejects(requireFreePort(address.port), {
    code: "port-taken",
    message: new RegExp(`port ${address.port} is in use`, "u"),
  });
});
