import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { kubeconfigText, readClusterAccess } from "./kubeconfig.ts";

test("what is written for kubectl reads as the access that it was made of", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-kubeconfig-"));
  try {
    const file = join(folder, "config");
    const access = { server: "https://127.0.0.1:1", ca: "CA", token: undefined, certificate: "C", key: "K" };
    writeFileSync(file, kubeconfigText(access, "team"));
    assert.deepEqual(readClusterAccess(file), access);
    const byToken = { server: "https://127.0.0.1:1", token: "t" };
    writeFileSync(file, kubeconfigText(byToken, "team"));
    assert.deepEqual(readClusterAccess(file), { ...byToken, ca: undefined, certificate: undefined, key: undefined });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
