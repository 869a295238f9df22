import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { test } from "node:test";
import { helmFunctionTable } from "./index.ts";
import { renderWith } from "./tests/render.ts";
import { seededEnvironment } from "./tests/seeded-environment.ts";

const now = Date.UTC(2024, 4, 6, 7, 8, 9);
const functions = helmFunctionTable(seededEnvironment("certificates", now));

function render(template: string): string {
  return renderWith(functions, template);
}

function pemsOf(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/gu) ?? [];
}

test("makes an authority and a certificate that it signed", () => {
  const [ca = "", caKey = "", leaf = "", leafKey = ""] = pemsOf(
    render(
      `{{ $ca := genCA "my-ca" 365 }}{{ $c := genSignedCert "svc" (list "10.0.0.1" "fd00::1" "::ffff:1.2.3.4") (list "a.b" "*.c.d") 30 $ca }}` +
        `{{ $ca.Cert }}{{ $ca.Key }}{{ $c.Cert }}{{ $c.Key }}`,
    ),
  );
  const authority = new X509Certificate(ca);
  const certificate = new X509Certificate(leaf);
  assert.equal(authority.ca, true);
  assert.equal(authority.subject, "CN=my-ca");
  assert.equal(certificate.ca, false);
  assert.equal(certificate.subject, "CN=svc");
  assert.equal(certificate.issuer, "CN=my-ca");
  assert.equal(
    certificate.subjectAltName,
    "DNS:a.b, DNS:*.c.d, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, IP Address:1.2.3.4",
  );
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  assert.equal(certificate.verify(authority.publicKey), true);
  assert.equal(authority.verify(authority.publicKey), true);
  assert.equal(certificate.checkIssued(authority), true);
  assert.equal(certificate.checkPrivateKey(createPrivateKey(leafKey)), true);
  assert.equal(authority.checkPrivateKey(createPrivateKey(caKey)), true);
  assert.equal(new Date(certificate.validFrom).getTime(), now);
  assert.equal(new Date(certificate.validTo).getTime(), now + 30 * 86_400_000);
});

test("makes certificates with given keys of each kind", () => {
  for (const kind of ["ecdsa", "ed25519"]) {
    const text = render(
      `{{ $k := genPrivateKey "${kind}" }}{{ $c := genSelfSignedCertWithKey "é" nil (list "x.y") 36500 $k }}{{ $c.Cert }}{{ $c.Key }}`,
    );
    const [cert = "", key = ""] = pemsOf(text);
    const certificate = new X509Certificate(cert);
    assert.equal(certificate.verify(certificate.publicKey), true, kind);
    assert.equal(certificate.checkPrivateKey(createPrivateKey(key)), true, kind);
    assert.equal(new Date(certificate.validTo).getTime(), now + 36_500 * 86_400_000);
  }
});

test("makes private keys that sign", () => {
  for (const kind of ["rsa", "ecdsa", "ed25519"]) {
    const pem = render(`{{ genPrivateKey "${kind}" }}`);
    const key = createPrivateKey(pem);
    const message = Buffer.from("message");
    const hash = kind === "ed25519" ? null : "sha256";
    assert.equal(verify(hash, message, createPublicKey(pem), sign(hash, message, key)), true, kind);
    if (kind === "rsa") assert.equal(key.asymmetricKeyDetails?.modulusLength, 4096);
  }
});

test("gives the same keys for the same random bytes, and others for others", () => {
  const first = renderWith(helmFunctionTable(seededEnvironment("a")), `{{ genPrivateKey "ecdsa" }}{{ randAlpha 20 }}`);
  const again = renderWith(helmFunctionTable(seededEnvironment("a")), `{{ genPrivateKey "ecdsa" }}{{ randAlpha 20 }}`);
  const other = renderWith(helmFunctionTable(seededEnvironment("b")), `{{ genPrivateKey "ecdsa" }}{{ randAlpha 20 }}`);
  assert.equal(again, first);
  assert.notEqual(other, first);
});

test("makes keys and certificates that openssl reads", (context) => {
  if (spawnSync("openssl", ["version"]).status !== 0) {
    context.skip("openssl is not installed");
    return;
  }
  const run = (input: string, ...args: readonly string[]): string => {
    const result = spawnSync("openssl", [...args], { input, encoding: "utf8" });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout + result.stderr;
  };
  assert.match(run(render(`{{ genPrivateKey "dsa" }}`), "dsa", "-noout", "-text"), /Private-Key: \(2048 bit\)/u);
  assert.match(run(render(`{{ (genCA "ca" 1).Key }}`), "rsa", "-noout", "-check"), /RSA key ok/u);
  const text = run(render(`{{ (genCA "ca" 1).Cert }}`), "x509", "-noout", "-text");
  assert.match(text, /CA:TRUE/u);
  assert.match(text, /Digital Signature, Key Encipherment, Certificate Sign/u);
});

test("signs nothing with a DSA key, as Go", () => {
  assert.throws(() => render(`{{ genCAWithKey "ca" 1 (genPrivateKey "dsa") }}`), /only RSA, ECDSA and Ed25519 keys/u);
});
