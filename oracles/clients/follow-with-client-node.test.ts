import assert from "node:assert/strict";
import { test } from "node:test";
import { startCluster } from "@fairway/cluster";
import { parseKubeconfig } from "../diff/kubeconfig.ts";
import { followWithClientNode } from "./follow-with-client-node.ts";

test("an informer of client-node follows the embedded cluster over cut connections, without a gap or a duplicate", async () => {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  try {
    const changes = 2_000;
    const report = await followWithClientNode(parseKubeconfig(cluster.kubeconfig), changes);
    const { seen, missed, twice } = report;
    assert.deepEqual({ seen, missed, twice }, { seen: changes, missed: 0, twice: 0 });
    assert.ok(report.reconnects > 0, "no connection was cut");
  } finally {
    await cluster.close();
  }
});
