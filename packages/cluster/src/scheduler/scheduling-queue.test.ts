import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../loop/testing/manual-clock.ts";
import type { Pod } from "../model/pod.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

function pod(name: string, priority = 0, creationTimestamp = "2026-01-01T00:00:00Z"): Pod {
  const metadata = { name, namespace: "n", uid: name, creationTimestamp };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { priority, containers: [] } };
}

test("the most important comes first, then the oldest", async () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.add(pod("young", 0, "2026-01-01T00:00:09Z"));
  queue.add(pod("old"));
  queue.add(pod("urgent", 5, "2026-01-01T00:00:10Z"));
  const names = [];
  for (let count = 0; count < 3; count += 1) names.push((await queue.next())?.metadata.name);
  assert.deepEqual(names, ["urgent", "old", "young"]);
});

test("a pod that fits nowhere waits for a change, and longer each time", async () => {
  const clock = new ManualClock();
  const queue = new SchedulingQueue(clock);
  queue.park(pod("a"));
  queue.reconsiderAll();
  clock.advance(999);
  assert.ok(queue.has("a"));
  clock.advance(1);
  assert.equal((await queue.next())?.metadata.name, "a");
  queue.park(pod("a"));
  queue.reconsiderAll();
  let came = false;
  void queue.next().then(() => (came = true));
  clock.advance(1_500);
  await Promise.resolve();
  assert.equal(came, false);
  queue.close();
});

test("a pod for which something is made comes with the next change at once", async () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.await(pod("a"));
  queue.reconsiderAll();
  assert.equal((await queue.next())?.metadata.name, "a");
});

test("a pod that has gone never comes", async () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.add(pod("a"));
  queue.park(pod("b"));
  queue.remove("a");
  queue.remove("b");
  queue.reconsiderAll();
  queue.add(pod("c"));
  assert.equal((await queue.next())?.metadata.name, "c");
});
