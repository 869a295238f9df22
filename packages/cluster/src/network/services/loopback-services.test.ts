import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { LoopbackServices } from "./loopback-services.ts";
import type { ServicePort } from "./service-table.ts";

async function startEcho(t: TestContext, answer: string): Promise<number> {
  const server = createServer((socket) => socket.end(answer));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

async function ask(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.setEncoding("utf8");
  let text = "";
  for await (const piece of socket) text += String(piece);
  return text;
}

function portFor(port: number, targets: readonly number[]): ServicePort {
  return {
    key: "default/web:",
    protocol: "tcp",
    clusterAddresses: ["10.96.0.5"],
    externalAddresses: [],
    port,
    nodePort: undefined,
    keepsSource: false,
    affinitySeconds: undefined,
    endpoints: targets.map((target) => ({ address: "127.0.0.1", port: target })),
  };
}

test("connections to a service go to one endpoint after the other, past those that have gone", async (t) => {
  const services = new LoopbackServices({ reach: () => "127.0.0.1", log: () => undefined });
  t.after(() => services.close({ keep: false }));
  const [one, two, gone, port] = await Promise.all([startEcho(t, "one"), startEcho(t, "two"), freePort(), freePort()]);
  await services.apply([portFor(port, [one, two])]);
  assert.deepEqual(new Set([await ask(port), await ask(port)]), new Set(["one", "two"]));
  await services.apply([portFor(port, [gone, two])]);
  assert.deepEqual([await ask(port), await ask(port)], ["two", "two"]);
});

test("a service that has no endpoints any more refuses connections", async (t) => {
  const services = new LoopbackServices({ reach: () => "127.0.0.1", log: () => undefined });
  t.after(() => services.close({ keep: false }));
  const [one, port] = await Promise.all([startEcho(t, "one"), freePort()]);
  await services.apply([portFor(port, [one])]);
  assert.equal(await ask(port), "one");
  await services.apply([portFor(port, [])]);
  await assert.rejects(ask(port), /ECONNREFUSED/u);
});

test("an address that can't be taken is said once", async (t) => {
  const lines: string[] = [];
  const services = new LoopbackServices({ reach: () => "127.0.0.1", log: (line) => lines.push(line) });
  t.after(() => services.close({ keep: false }));
  const taken = await startEcho(t, "someone else");
  await services.apply([portFor(taken, [1])]);
  await services.apply([portFor(taken, [2])]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /default\/web: can't be reached at 127\.0\.0\.1:\d+: .*EADDRINUSE/u);
});
