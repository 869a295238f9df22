import assert from "node:assert/strict";
import { test } from "node:test";
import { podTrouble } from "./pod-trouble.ts";
import type { PodObject } from "./pod-trouble.ts";

const image = "ghcr.io/example/shop/orders-service@sha256:new";

function pod(status: PodObject["status"], changes: { image?: string; deletionTimestamp?: string } = {}): PodObject {
  const { image: own = image, ...metadata } = changes;
  return {
    metadata: { name: "orders-1", ...metadata },
    spec: { containers: [{ image: own }] },
    ...(status ? { status } : {}),
  };
}

test("a container that ended is the trouble, also while it is started again", () => {
  const trouble = { pod: "orders-1", reason: "it ended with 137 (OOMKilled)", isFinal: true };
  const terminated = { exitCode: 137, reason: "OOMKilled" };
  assert.deepEqual(podTrouble([pod({ containerStatuses: [{ state: { terminated } }] })], image), trouble);
  const again = { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated } };
  assert.deepEqual(podTrouble([pod({ containerStatuses: [again] })], image), trouble);
});

test("pods of another image, and those that are being ended, are not asked", () => {
  const ended: PodObject["status"] = { containerStatuses: [{ state: { terminated: { exitCode: 1 } } }] };
  assert.equal(podTrouble([pod(ended, { image: "orders-service@sha256:old" })], image), undefined);
  assert.equal(podTrouble([pod(ended, { deletionTimestamp: "2026-01-01T00:00:00Z" })], image), undefined);
});

test("what may pass is told apart from what will not", () => {
  const waiting = (reason: string): PodObject => pod({ containerStatuses: [{ state: { waiting: { reason } } }] });
  assert.equal(podTrouble([waiting("ContainerCreating")], image), undefined);
  assert.deepEqual(podTrouble([waiting("ImagePullBackOff")], image)?.isFinal, false);
  const unplaced = pod({ conditions: [{ type: "PodScheduled", status: "False", message: "no memory" }] });
  assert.deepEqual(podTrouble([unplaced], image), { pod: "orders-1", reason: "no memory", isFinal: false });
});
