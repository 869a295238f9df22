import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import test from "node:test";
import { findByEnvironment, identify, isAlive, killAndWait, parseStartTick } from "./process-identity.ts";

const linux = existsSync("/proc/self/stat") ? false : "needs /proc";
const fields = "S 1 10 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 8192 3";

test("reads the start tick behind a name with blanks and parentheses", () => {
  assert.equal(parseStartTick(`10 (a) b (c)) ${fields}`), 4242);
});

test("takes a zombie for a process that has ended", () => {
  assert.equal(parseStartTick(`10 (a) ${fields.replace("S", "Z")}`), undefined);
});

test("gives no start tick for a text that is not a stat line", () => {
  assert.equal(parseStartTick("nothing of the kind"), undefined);
  assert.equal(parseStartTick("1 (short) S 1"), undefined);
});

test("does not take a process for a recorded one that started at another tick", { skip: linux }, () => {
  const self = identify("self", process.pid);
  assert.ok(self);
  assert.equal(isAlive(self), true);
  assert.equal(isAlive({ ...self, startTick: self.startTick + 1 }), false);
});

test("leaves a process alone whose number was used again", { skip: linux }, async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  const identity = identify("sleep", child.pid ?? 0);
  assert.ok(identity);
  await killAndWait([{ ...identity, startTick: identity.startTick - 1 }]);
  assert.equal(isAlive(identity), true);
  await killAndWait([identity]);
  assert.equal(isAlive(identity), false);
});

test("finds a process by a variable in its environment, and only by the whole of it", { skip: linux }, async () => {
  const value = `test-${process.pid}`;
  const child = spawn("sleep", ["60"], {
    stdio: "ignore",
    env: { PATH: process.env["PATH"], FAIRWAY_TEST_MARK: value },
  });
  await new Promise((resolve) => child.once("spawn", resolve));
  const found = findByEnvironment("FAIRWAY_TEST_MARK", value);
  assert.deepEqual(
    found.map((each) => each.pid),
    [child.pid],
  );
  assert.deepEqual(findByEnvironment("FAIRWAY_TEST_MARK", value.slice(0, -1)), []);
  await killAndWait(found);
});
