import assert from "node:assert/strict";
import test from "node:test";
import { countsOf, leftBehind } from "./census.ts";
import type { Census } from "./census.ts";

const before: Census = {
  processes: ["10 etcd"],
  mounts: ["22 1 0:20 / / rw"],
  interfaces: ["lo"],
  rules: [],
  cgroups: ["/sys/fs/cgroup/memory/other"],
  settings: ["vm/panic_on_oom 0"],
  folders: [],
};

test("finds nothing left behind when all is as it was, or when something of before has gone", () => {
  assert.deepEqual(leftBehind(before, before, []), []);
  assert.deepEqual(leftBehind(before, { ...before, processes: [] }, []), []);
});

test("finds what is new in every kind", () => {
  for (const kind of ["processes", "mounts", "interfaces", "rules", "cgroups", "folders"] as const) {
    const after = { ...before, [kind]: [...before[kind], "something"] };
    assert.deepEqual(leftBehind(before, after, []), [`${kind}: something`]);
  }
});

test("finds a kernel setting that was changed", () => {
  assert.deepEqual(leftBehind(before, { ...before, settings: ["vm/panic_on_oom 1"] }, []), [
    "settings: vm/panic_on_oom 1",
  ]);
});

test("does not take for its own what another cluster adds meanwhile", () => {
  const after: Census = {
    ...before,
    processes: ["11 etcd (cluster 0badcafe)", "12 pause (cluster 12345678)"],
    interfaces: ["fwo0badcafe", "fwo12345678"],
    cgroups: ["/sys/fs/cgroup/memory/fairway-oracle-0badcafe/node-1", "/sys/fs/cgroup/memory/fairway-oracle-12345678"],
  };
  assert.deepEqual(leftBehind(before, after, ["12345678"]), [
    "processes: 12 pause (cluster 12345678)",
    "interfaces: fwo12345678",
    "cgroups: /sys/fs/cgroup/memory/fairway-oracle-12345678",
  ]);
});

test("says how many there are of each kind", () => {
  assert.equal(countsOf(before), "1 processes, 1 mounts, 1 interfaces, 0 rules, 1 cgroups, 1 settings, 0 folders");
});
