import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { startClusterNetwork, type ClusterNetwork } from "./cluster-network.ts";

function start(block: number): Promise<ClusterNetwork> {
  return startClusterNetwork({
    way: { kind: "loopback", block },
    services: () => [],
    slices: () => [],
    domain: "cluster.local",
    dnsAddress: "10.96.0.10",
    apiServer: undefined,
    hostServices: [],
    log: () => undefined,
  });
}

test("pods that outlive a crash find cluster DNS where it was", async () => {
  const before = await start(231);
  await before.close({ keep: true });
  const after = await start(231);
  assert.deepEqual(after.resolver, before.resolver);
  await after.close({ keep: false });
});

test("cluster DNS goes elsewhere when somebody else has its port", async () => {
  const before = await start(232);
  const { address, port } = before.resolver;
  await before.close({ keep: false });
  const other = createServer().listen(port, address);
  await once(other, "listening");
  const network = await start(232);
  assert.notEqual(network.resolver.port, port);
  await network.close({ keep: false });
  other.close();
});
