import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startCluster } from "@fairway/cluster";
import { isBuilt } from "../kubernetes/binaries.ts";
import { speakMessages } from "./speak-messages.ts";

const notBuilt = isBuilt("messages") ? false : "the Go program is not built: npm run oracle -- clients builds it";

test("typed clients of client-go speak protocol buffers with the embedded cluster", { skip: notBuilt }, async (t) => {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  t.after(() => cluster.close());
  const folder = mkdtempSync(join(tmpdir(), "fairway-messages-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig);
  const report = await speakMessages(kubeconfig);
  if (typeof report === "string") return t.skip(report);
  assert.deepEqual(report.failures, []);
  assert.ok(report.checks > 1_000, `only ${report.checks} checks`);
  assert.ok((report.answers["application/vnd.kubernetes.protobuf"] ?? 0) > 400, "few answers in protocol buffers");
});
