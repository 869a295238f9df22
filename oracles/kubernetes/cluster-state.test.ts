import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { interfaceName, parseState, readState, stateFile, writeState } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";

const state: ClusterState = {
  version: 1,
  id: "0123abcd",
  kind: "node",
  phase: "starting",
  server: "https://198.18.0.2:6443",
  kubeconfig: "/somewhere/admin.kubeconfig",
  processes: [{ name: "node", pid: 17, startTick: 99 }],
};

test("reads back the state that it wrote, and knows when there is none", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(readState(folder), undefined);
  writeState(folder, state);
  assert.deepEqual(readState(folder), state);
});

test("an unfinished write leaves the old state", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeState(folder, state);
  writeFileSync(`${stateFile(folder)}.new`, '{"version":');
  assert.deepEqual(readState(folder), state);
});

test("refuses what could make it end the wrong process or remove the wrong thing", () => {
  const wrong: object[] = [
    { version: 2 },
    { id: "../../x" },
    { id: "" },
    { kind: "other" },
    { phase: "done" },
    { processes: [{ name: "init", pid: 1, startTick: 0 }] },
    { processes: [{ name: "group", pid: -17, startTick: 0 }] },
    { processes: [{ name: "no tick", pid: 17 }] },
    { processes: "all" },
  ];
  for (const change of wrong) {
    assert.throws(() => parseState(JSON.stringify({ ...state, ...change }), "cluster.json"), { code: "bad-state" });
  }
  assert.throws(() => parseState("{", "cluster.json"), { code: "bad-state", message: /cluster\.json is not JSON/u });
});

test("names an interface within the fifteen characters that Linux allows", () => {
  assert.ok(interfaceName(state.id).length <= 15);
});
