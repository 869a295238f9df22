import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIPv4 } from "node:net";
import { der } from "./der.ts";

/** In PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWish {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly use: "authority" | "server" | "client";
  /** Names and IPv4 addresses that a server answers to. */
  readonly hosts?: readonly string[];
  readonly now: Date;
  readonly days: number;
}

const objectIds = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  keyIdentifierOfSubject: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  clientAuthentication: "1.3.6.1.5.5.7.3.2",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
};

const dayMs = 24 * 60 * 60 * 1000;
/** Clocks of two machines may differ. */
const leewayMs = 60 * 60 * 1000;
const digitalSignature = der.bits(Buffer.from([0x80]), 7);
const signsCertificates = der.bits(Buffer.from([0xa4]), 2);

/** A certificate with a new key (X.509 v3, ECDSA on P-256), signed by the authority, or by itself. */
export function issueCertificate(wish: CertificateWish, authority?: Credentials): Credentials {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { certificate: certify(wish, publicKey, authority ?? privateKey), key: pemOf(privateKey) };
}

/** A certificate for a key that somebody else keeps. */
export function certify(wish: CertificateWish, publicKey: KeyObject, authority: Credentials | KeyObject): string {
  const signer = "certificate" in authority ? createPrivateKey(authority.key) : authority;
  const subject = nameOf(wish);
  const issuer = "certificate" in authority ? subjectOf(authority.certificate) : subject;
  const algorithm = der.sequence(der.objectId(objectIds.ecdsaWithSha256));
  const from = new Date(wish.now.getTime() - leewayMs);
  const body = der.sequence(
    der.tagged(0xa0, der.integer(Buffer.from([2]))),
    // Positive, as the first byte says.
    der.integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    issuer,
    der.sequence(der.time(from), der.time(new Date(wish.now.getTime() + wish.days * dayMs))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der.tagged(0xa3, der.sequence(...extensionsOf(wish))),
  );
  const signature = der.bits(sign("sha256", body, signer));
  return pem("CERTIFICATE", der.sequence(body, algorithm, signature));
}

export function publicKeyOf(certificateOrKey: string): KeyObject {
  return createPublicKey(certificateOrKey);
}

function nameOf({ commonName, organizations = [] }: CertificateWish): Buffer {
  const part = (id: string, value: string): Buffer => der.set(der.sequence(der.objectId(id), der.text(value)));
  return der.sequence(
    ...organizations.map((each) => part(objectIds.organization, each)),
    part(objectIds.commonName, commonName),
  );
}

function extensionsOf({ use, hosts = [] }: CertificateWish): readonly Buffer[] {
  const extension = (id: string, content: Buffer): Buffer => der.sequence(der.objectId(id), der.octets(content));
  const critical = (id: string, content: Buffer): Buffer =>
    der.sequence(der.objectId(id), der.yes(), der.octets(content));
  if (use === "authority") {
    return [
      critical(objectIds.basicConstraints, der.sequence(der.yes())),
      critical(objectIds.keyUsage, signsCertificates),
    ];
  }
  const purpose = use === "server" ? objectIds.serverAuthentication : objectIds.clientAuthentication;
  const both = [
    critical(objectIds.basicConstraints, der.sequence()),
    critical(objectIds.keyUsage, digitalSignature),
    extension(objectIds.extendedKeyUsage, der.sequence(der.objectId(purpose))),
  ];
  if (hosts.length === 0) return both;
  return [...both, extension(objectIds.alternativeNames, der.sequence(...hosts.map(hostName)))];
}

function hostName(host: string): Buffer {
  return isIPv4(host)
    ? der.tagged(0x87, Buffer.from(host.split(".").map(Number)))
    : der.tagged(0x82, Buffer.from(host, "latin1"));
}

/** The name of an authority as its certificate spells it: the sixth part of the signed body. */
function subjectOf(certificate: string): Buffer {
  const bytes = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/gu, ""), "base64");
  let offset = contentAt(bytes, contentAt(bytes, 0));
  for (let part = 0; part < 5; part++) offset = endAt(bytes, offset);
  return bytes.subarray(offset, endAt(bytes, offset));
}

function contentAt(bytes: Buffer, offset: number): number {
  const first = bytes[offset + 1] ?? 0;
  return offset + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function endAt(bytes: Buffer, offset: number): number {
  const first = bytes[offset + 1] ?? 0;
  const start = contentAt(bytes, offset);
  return start + (first < 0x80 ? first : bytes.readUIntBE(offset + 2, first & 0x7f));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" });
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").replaceAll(/.{64}/gu, "$&\n").trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
