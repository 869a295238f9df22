// Builds X.509 certificates as Go's x509.CreateCertificate does for the templates that Sprig gives it.
import { type KeyObject, createHash, sign } from "node:crypto";
import { quote, stringToBytes } from "@fairway/gotemplate";
import { parseIpAddress } from "../ip-address.ts";
import { bitString, boolean, integer, objectIdentifier, octetString, readItems, sequence, tagged } from "./der.ts";
import { publicKeyInfo } from "./private-key.ts";

export interface CertificateRequest {
  readonly commonName: string;
  readonly addresses: readonly string[];
  readonly dnsNames: readonly string[];
  readonly serial: bigint;
  /** In milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority: boolean;
  readonly publicKey: KeyObject;
}

export interface Issuer {
  /** DER; undefined for a certificate that signs itself. */
  readonly subject: Buffer | undefined;
  readonly subjectKeyId: Buffer | undefined;
  readonly key: KeyObject;
}

/** The certificate in DER. */
export function createCertificate(request: CertificateRequest, issuer: Issuer): Buffer {
  const subject = nameOf(request.commonName);
  const issuerName = issuer.subject ?? subject;
  const { algorithm, hash } = signatureAlgorithm(issuer.key);
  const authorityKeyId = issuerName.equals(subject) ? undefined : issuer.subjectKeyId;
  const body = sequence(
    tagged(0xa0, integer(2n)),
    integer(request.serial),
    algorithm,
    issuerName,
    sequence(timeOf(request.notBefore), timeOf(request.notAfter)),
    subject,
    publicKeyInfo(request.publicKey),
    tagged(0xa3, sequence(...extensionsOf(request, authorityKeyId))),
  );
  return sequence(body, algorithm, bitString(sign(hash, body, issuer.key)));
}

function nameOf(commonName: string): Buffer {
  if (commonName === "") return sequence();
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/u.test(commonName);
  const text = tagged(isPrintable ? 0x13 : 0x0c, stringToBytes(commonName.toWellFormed()));
  return sequence(tagged(0x31, sequence(objectIdentifier("2.5.4.3"), text)));
}

function signatureAlgorithm(key: KeyObject): { readonly algorithm: Buffer; readonly hash: string | null } {
  if (key.asymmetricKeyType === "rsa") {
    return { algorithm: sequence(objectIdentifier("1.2.840.113549.1.1.11"), tagged(0x05)), hash: "sha256" };
  }
  if (key.asymmetricKeyType === "ed25519") return { algorithm: sequence(objectIdentifier("1.3.101.112")), hash: null };
  if (key.asymmetricKeyType !== "ec") {
    throw new Error("error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported");
  }
  const curves: Readonly<Record<string, readonly [number, string]>> = {
    secp384r1: [3, "sha384"],
    secp521r1: [4, "sha512"],
  };
  const [last, hash] = curves[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? [2, "sha256"];
  return { algorithm: sequence(objectIdentifier(`1.2.840.10045.4.3.${last}`)), hash };
}

/** Two digits of the year up to 2049, four from then on. */
function timeOf(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\..*$/gu, "");
  const isShort = Number(digits.slice(0, 4)) >= 1950 && Number(digits.slice(0, 4)) < 2050;
  return tagged(isShort ? 0x17 : 0x18, Buffer.from(`${isShort ? digits.slice(2) : digits}Z`));
}

function extension(identifier: string, content: Uint8Array, critical = false): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(content));
}

function extensionsOf(request: CertificateRequest, authorityKeyId: Buffer | undefined): Buffer[] {
  const { isAuthority, commonName, addresses, dnsNames } = request;
  // Digital signature and key encipherment; for an authority signing certificates too.
  const usage = isAuthority ? bitString(Buffer.from([0b1010_0100]), 2) : bitString(Buffer.from([0b1010_0000]), 5);
  const extended = sequence(objectIdentifier("1.3.6.1.5.5.7.3.1"), objectIdentifier("1.3.6.1.5.5.7.3.2"));
  const extensions = [
    extension("2.5.29.15", usage, true),
    extension("2.5.29.37", extended),
    extension("2.5.29.19", sequence(...(isAuthority ? [boolean(true)] : [])), true),
  ];
  if (isAuthority) extensions.push(extension("2.5.29.14", octetString(keyIdOf(request.publicKey))));
  if (authorityKeyId !== undefined) extensions.push(extension("2.5.29.35", sequence(tagged(0x80, authorityKeyId))));
  if (addresses.length + dnsNames.length > 0) {
    const names = [...dnsNames.map(dnsName), ...addresses.map((address) => tagged(0x87, addressBytes(address)))];
    extensions.push(extension("2.5.29.17", sequence(...names), commonName === ""));
  }
  return extensions;
}

function dnsName(name: string): Buffer {
  if (/[^\0-\x7f]/.test(name)) {
    throw new Error(`error creating certificate: x509: ${quote(name)} cannot be encoded as an IA5String`);
  }
  return tagged(0x82, Buffer.from(name));
}

/** The start of the SHA-256 of the key's bits. */
function keyIdOf(key: KeyObject): Buffer {
  const bits = readItems(readItems(publicKeyInfo(key))?.[0]?.content ?? Buffer.alloc(0))?.[1]?.content.subarray(1);
  return createHash("sha256")
    .update(bits ?? Buffer.alloc(0))
    .digest()
    .subarray(0, 20);
}

/** An IPv4 address within IPv6 is written as what it is. */
function addressBytes(text: string): Uint8Array {
  const bytes = parseIpAddress(text) ?? new Uint8Array();
  const isMapped = bytes.length === 16 && Buffer.from(bytes).toString("hex").startsWith("00000000000000000000ffff");
  return isMapped ? bytes.subarray(12) : bytes;
}

/** Subject and key identifier of a certificate in DER. */
export function readSubject(der: Uint8Array): Pick<Issuer, "subject" | "subjectKeyId"> {
  const body = readItems(readItems(der)?.[0]?.content ?? Buffer.alloc(0))?.[0];
  const parts = readItems(body?.content ?? Buffer.alloc(0)) ?? [];
  const hasVersion = parts[0]?.tag === 0xa0;
  const subject = parts[hasVersion ? 5 : 4]?.whole;
  const list = parts.find((part) => part.tag === 0xa3)?.content;
  const extensions = readItems(readItems(list ?? Buffer.alloc(0))?.[0]?.content ?? Buffer.alloc(0)) ?? [];
  const identifier = objectIdentifier("2.5.29.14");
  for (const { content } of extensions) {
    const [name, ...rest] = readItems(content) ?? [];
    if (name?.whole.equals(identifier) !== true) continue;
    return { subject, subjectKeyId: readItems(rest.at(-1)?.content ?? Buffer.alloc(0))?.[0]?.content };
  }
  return { subject, subjectKeyId: undefined };
}
