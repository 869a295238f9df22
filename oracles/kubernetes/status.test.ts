import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { writeState } from "./cluster-state.ts";
import { statusOf } from "./status.ts";
import { tearDown } from "./tear-down.ts";

const gone = { name: "etcd", pid: 2 ** 22 - 1, startTick: 1 };

function state(phase: "starting" | "ready", folder: string): Parameters<typeof writeState>[1] {
  const kubeconfig = join(folder, "admin.kubeconfig");
  return {
    version: 1,
    id: "0badcafe",
    kind: "api-only",
    phase,
    server: "https://127.0.0.1:1",
    kubeconfig,
    processes: [gone],
  };
}

test("tells nothing, a start that was broken off and a broken cluster apart", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "status-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.equal((await statusOf(folder)).health, "none");
  writeState(folder, state("starting", folder));
  assert.equal((await statusOf(folder)).health, "broken");
  writeState(folder, { ...state("starting", folder), processes: [] });
  assert.equal((await statusOf(folder)).health, "starting");
  writeState(folder, state("ready", folder));
  assert.deepEqual((await statusOf(folder)).processes, []);
  assert.equal((await statusOf(folder)).health, "broken");
});

test("takes down what a starter wrote, leaves what it did not, and does nothing the second time", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "down-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "tokens.csv"), "");
  writeFileSync(join(folder, "mine.txt"), "");
  writeState(folder, state("ready", folder));
  assert.equal(await tearDown(folder), true);
  assert.equal(await tearDown(folder), false);
  assert.deepEqual(readdirSync(folder), ["mine.txt"]);
});
