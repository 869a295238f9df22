import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./testing/manual-clock.ts";
import { WorkQueue } from "./work-queue.ts";

test("a key that is added often waits once, and is not worked on twice at the same time", async () => {
  const queue = new WorkQueue(new ManualClock());
  queue.add("a");
  queue.add("a");
  assert.equal(await queue.take(), "a");
  queue.add("a");
  queue.add("b");
  assert.equal(await queue.take(), "b");
  const next = queue.take();
  queue.done("a");
  assert.equal(await next, "a");
});

test("of several times the earliest counts", async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue(clock);
  queue.addAfter("a", 500);
  queue.addAfter("a", 100);
  queue.addAfter("a", 900);
  clock.advance(99);
  assert.equal(queue.size, 0);
  clock.advance(1);
  assert.equal(await queue.take(), "a");
  queue.done("a");
  clock.advance(1_000);
  assert.equal(queue.size, 0);
});

test("each failure in a row makes the key wait twice as long, and a success forgets them", () => {
  const clock = new ManualClock();
  const queue = new WorkQueue(clock);
  for (const ms of [5, 10, 20, 40]) {
    queue.addAfterFailure("a");
    clock.advance(ms - 1);
    assert.equal(queue.size, 0);
    clock.advance(1);
    assert.equal(queue.size, 1);
    void queue.take();
    queue.done("a");
  }
  queue.forgetFailures("a");
  queue.addAfterFailure("a");
  clock.advance(5);
  assert.equal(queue.size, 1);
});

test("who waits is told when the queue is closed", async () => {
  const queue = new WorkQueue(new ManualClock());
  const waiting = queue.take();
  queue.close();
  assert.equal(await waiting, undefined);
  queue.add("late");
  assert.equal(await queue.take(), undefined);
});
