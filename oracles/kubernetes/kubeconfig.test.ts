import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { parsePort } from "./command.ts";
import { formatKubeconfig, readKubeconfig } from "./kubeconfig.ts";
import { isNodeReady } from "./node-cluster.ts";

test("reads back the access that it wrote", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "config");
  const access = { server: "https://127.0.0.1:6443", authority: "-----BEGIN\n", user: "admin", token: "secret" };
  writeFileSync(file, formatKubeconfig(access));
  assert.deepEqual(readKubeconfig(file), access);
  writeFileSync(file, JSON.stringify({ clusters: [], users: [] }));
  assert.throws(() => readKubeconfig(file), { code: "bad-state" });
});

test("takes ports and nothing else for a port", () => {
  assert.equal(parsePort("6443"), 6443);
  for (const wrong of ["0", "65536", "1e3", "-1", "", "6443x"])
    assert.throws(() => parsePort(wrong), { code: "usage" });
});

test("takes a node for Ready by its condition, and an answer that is no object for not Ready", () => {
  const node = (status: string): string => JSON.stringify({ status: { conditions: [{ type: "Ready", status }] } });
  assert.equal(isNodeReady(node("True")), true);
  assert.equal(isNodeReady(node("Unknown")), false);
  assert.equal(isNodeReady("{}"), false);
  assert.equal(isNodeReady("not found"), false);
});
