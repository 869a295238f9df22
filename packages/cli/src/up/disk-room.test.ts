import assert from "node:assert/strict";
import { test } from "node:test";
import { isWantOfDisk } from "./disk-room.ts";

test("a pod that fails for want of disk is told from others, whichever part of a cluster says it", () => {
  for (const reason of [
    "The node was low on resource: ephemeral-storage. Threshold quantity: 6Mi, available: 6012Ki.",
    "0/1 nodes are available: 1 node(s) had untolerated taint(s) {node.kubernetes.io/disk-pressure: }",
    "ImagePullBackOff: failed to pull image: ENOSPC: no space left on device, write",
  ]) {
    assert.ok(isWantOfDisk(reason), reason);
  }
  assert.equal(isWantOfDisk("it used more memory than resources.limits.memory allows (OOMKilled)"), false);
});
