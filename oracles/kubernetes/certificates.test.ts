import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { missingToolsLine } from "../machine/tools.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { componentKubeconfig } from "./components.ts";
import { makeCredentials } from "./credentials.ts";

const skip = missingToolsLine(["openssl"]) ?? false;

test("makes certificates that clients accept for every address, and keeps them to their owner", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "credentials-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const access = await makeCredentials(folder, { address: "198.18.0.2", port: 6443, nodes: ["node-1"] });
  const read = (name: string): X509Certificate =>
    new X509Certificate(readFileSync(join(folder, "certificates", `${name}.crt`)));
  const server = read("apiserver");
  for (const address of ["198.18.0.2", "10.96.0.1", "127.0.0.1"]) assert.equal(server.checkIP(address), address);
  assert.equal(server.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
  assert.equal(server.checkHost("example.com"), undefined);
  assert.ok(server.verify(read("ca").publicKey));
  assert.ok(read("front-proxy-client").verify(read("front-proxy-ca").publicKey));
  assert.ok(!read("front-proxy-client").verify(read("ca").publicKey));
  assert.match(read("apiserver-kubelet-client").subject, /O=system:masters/u);
  assert.deepEqual(readKubeconfig(componentKubeconfig(folder, "admin")), access);
  assert.equal(statSync(join(folder, "certificates")).mode & 0o077, 0);
  assert.equal(statSync(join(folder, "tokens.csv")).mode & 0o077, 0);
});

test("gives each user a token of its own, and a node's kubelet the node's name", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "credentials-"));
  t.after(() => rmSync(folder, { recursive: true }));
  await makeCredentials(folder, { address: "127.0.0.1", port: 6443, nodes: ["node-1", "node-2"] });
  const rows = readFileSync(join(folder, "tokens.csv"), "utf8").trim().split("\n");
  assert.equal(new Set(rows.map((row) => row.split(",")[0])).size, rows.length);
  assert.ok(rows.some((row) => row.endsWith(',system:node:node-2,kubelet-node-2,"system:nodes"')));
  assert.ok(rows.some((row) => row.endsWith(',admin,admin,"system:masters"')));
});
