import assert from "node:assert/strict";
import { generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { signCertificate } from "../certificate-signer.ts";
import { issueCertificate } from "./certificate.ts";
import { der } from "./der.ts";
import { readSigningRequest } from "./signing-request.ts";

const now = () => new Date("2026-01-01T00:00:00Z");
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

/** As `openssl req -new` makes it. */
function requestFor(commonName: string, organizations: readonly string[], key = privateKey): string {
  const part = (id: string, value: string) => der.set(der.sequence(der.objectId(id), der.text(value)));
  const subject = der.sequence(...organizations.map((each) => part("2.5.4.10", each)), part("2.5.4.3", commonName));
  const info = der.sequence(
    der.integer(Buffer.from([0])),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der.tagged(0xa0, Buffer.alloc(0)),
  );
  const algorithm = der.sequence(der.objectId("1.2.840.10045.4.3.2"));
  const whole = der.sequence(info, algorithm, der.bits(sign("sha256", info, key)));
  const lines = whole.toString("base64").replaceAll(/.{64}/gu, "$&\n");
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}\n-----END CERTIFICATE REQUEST-----\n`;
}

test("the subject and the key of a request are read", () => {
  const request = readSigningRequest(requestFor("alice", ["team-a", "team-b"]));
  assert.equal(request.commonName, "alice");
  assert.deepEqual(request.organizations, ["team-a", "team-b"]);
  assert.ok(request.publicKey.equals(publicKey));
});

test("a request that another key signed is refused, and so is what is cut off or something else", () => {
  const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  assert.throws(() => readSigningRequest(requestFor("alice", [], other)), /signature .* is wrong/u);
  assert.throws(() =>
    readSigningRequest("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----"),
  );
  assert.throws(() => readSigningRequest("nothing"), /PEM block type/u);
});

test("an approved request gets a certificate of the cluster's authority for its own key", () => {
  const authority = issueCertificate({ commonName: "cluster", use: "authority", now: now(), days: 10 });
  const wish = {
    request: requestFor("alice", ["team-a"]),
    signerName: "kubernetes.io/kube-apiserver-client",
    usages: ["client auth"],
    seconds: 3_600,
  };
  const certificate = new X509Certificate(signCertificate({ authority, now }, wish));
  assert.ok(certificate.verify(new X509Certificate(authority.certificate).publicKey));
  assert.ok(certificate.publicKey.equals(publicKey));
  assert.match(certificate.subject, /CN=alice/u);
  assert.throws(() => signCertificate({ authority, now }, { ...wish, usages: ["server auth"] }), /invalid usage/u);
});
