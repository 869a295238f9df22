import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";
import { issueCertificate } from "./certificate.ts";
import { clusterCredentials } from "./credentials.ts";

const now = new Date();
const openssl = spawnSync("openssl", ["version"]).status === 0;

test("a server's certificate is signed by its authority and answers to its names alone", () => {
  const authority = issueCertificate({ commonName: "house", use: "authority", now, days: 10 });
  const server = issueCertificate(
    { commonName: "api", use: "server", hosts: ["localhost", "127.0.0.1"], now, days: 1 },
    authority,
  );
  const certificate = new X509Certificate(server.certificate);
  assert.equal(certificate.verify(new X509Certificate(authority.certificate).publicKey), true);
  assert.equal(certificate.checkHost("localhost"), "localhost");
  assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(certificate.checkHost("example.com"), undefined);
  assert.equal(certificate.issuer, "CN=house");
});

test("openssl believes a client's certificate for clients, and not for servers", (context) => {
  if (!openssl) return context.skip("openssl is not here: apt-get install openssl");
  const folder = mkdtempSync(join(tmpdir(), "fairway-tls-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const authority = issueCertificate({ commonName: "house", use: "authority", now, days: 10 });
  const wish = { commonName: "ann", organizations: ["a:one", "b"], use: "client", now, days: 1 } as const;
  writeFileSync(join(folder, "ca.crt"), authority.certificate);
  writeFileSync(join(folder, "ann.crt"), issueCertificate(wish, authority).certificate);
  const verify = (purpose: string): number | null =>
    spawnSync("openssl", ["verify", "-purpose", purpose, "-CAfile", "ca.crt", "ann.crt"], { cwd: folder }).status;
  assert.equal(verify("sslclient"), 0);
  assert.notEqual(verify("sslserver"), 0);
  const subject = execFileSync("openssl", ["x509", "-in", "ann.crt", "-noout", "-subject"], { cwd: folder });
  assert.equal(subject.toString().trim(), "subject=O = a:one, O = b, CN = ann");
});

test("credentials outlive a start, and are made anew before they end", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-tls-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const first = await clusterCredentials({ folder, now, hosts: [] });
  const again = await clusterCredentials({ folder, now, hosts: [] });
  assert.equal(again.server.certificate, first.server.certificate);
  assert.equal(again.tokenKey.equals(first.tokenKey), true);
  const nearTheEnd = new Date(now.getTime() + 340 * 24 * 60 * 60 * 1000);
  const later = await clusterCredentials({ folder, now: nearTheEnd, hosts: [] });
  assert.notEqual(later.server.certificate, first.server.certificate);
  assert.equal(later.authority.certificate, first.authority.certificate);
  const afterTheClockWasAhead = await clusterCredentials({ folder, now, hosts: [] });
  assert.ok(Date.parse(new X509Certificate(afterTheClockWasAhead.server.certificate).validFrom) <= now.getTime());
  const moved = await clusterCredentials({ folder, now, hosts: ["cluster.example"] });
  assert.equal(new X509Certificate(moved.server.certificate).checkHost("cluster.example"), "cluster.example");
});
