import assert from "node:assert/strict";
import { test } from "node:test";
import { podTrouble } from "./pod-trouble.ts";
import type { PodObject } from "./pod-trouble.ts";

function pod(status: PodObject["status"], changes: { deletionTimestamp?: string } = {}): PodObject {
  return { metadata: { name: "orders-1", ...changes }, ...(status ? { status } : {}) };
}

test("a container that ended is the trouble, also while it is started again", () => {
  const trouble = { pod: "orders-1", reason: "it ended with 137 (OOMKilled)", isFinal: true };
  const terminated = { exitCode: 137, reason: "OOMKilled" };
  assert.deepEqual(podTrouble([pod({ containerStatuses: [{ state: { terminated } }] })]), trouble);
  const again = { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated } };
  assert.deepEqual(podTrouble([pod({ containerStatuses: [again] })]), trouble);
});

test("pods that are being ended are not asked", () => {
  const ended: PodObject["status"] = { containerStatuses: [{ state: { terminated: { exitCode: 1 } } }] };
  assert.equal(podTrouble([pod(ended, { deletionTimestamp: "2026-01-01T00:00:00Z" })]), undefined);
});

test("what may pass is told apart from what will not", () => {
  const waiting = (reason: string): PodObject => pod({ containerStatuses: [{ state: { waiting: { reason } } }] });
  assert.equal(podTrouble([waiting("ContainerCreating")]), undefined);
  assert.deepEqual(podTrouble([waiting("ImagePullBackOff")])?.isFinal, false);
  const unplaced = pod({ conditions: [{ type: "PodScheduled", status: "False", message: "no memory" }] });
  assert.deepEqual(podTrouble([unplaced]), { pod: "orders-1", reason: "no memory", isFinal: false });
});
