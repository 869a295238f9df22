import { X509Certificate, createPublicKey } from "node:crypto";
import { type GoFunction, GoStruct, bytesToString, defineFunction, sprintf } from "@fairway/gotemplate";
import type { GoType } from "@fairway/gotemplate";
import { decodePem, encodePem } from "./crypto/der.ts";
import { generatePrivateKey, generateRsaKey } from "./crypto/generate-key.ts";
import { type PrivateKey, parsePrivateKey, publicKeyInfo } from "./crypto/private-key.ts";
import { type Issuer, createCertificate, readSubject } from "./crypto/x509.ts";
import { decodeBase64 } from "./encodings.ts";
import type { HelmEnvironment } from "./environment.ts";
import { parseIpAddress } from "./ip-address.ts";

const typeName = "sprig.certificate";
const certificateType: GoType = { name: typeName, kind: "struct", fields: { Cert: "string", Key: "string" } };

function certificateValue(cert: string, key: string): GoStruct {
  return new GoStruct(certificateType, { Cert: cert, Key: key });
}

interface Wish {
  readonly commonName: string;
  readonly addresses?: readonly unknown[];
  readonly dnsNames?: readonly unknown[];
  readonly days: bigint;
  readonly isAuthority?: boolean;
}

const rsaBits = 2048;
const any = "[]any";

export function certificateFunctions(environment: HelmEnvironment): Readonly<Record<string, GoFunction>> {
  const newKey = (): PrivateKey => parsePrivateKey(generateRsaKey(environment, rsaBits));
  const givenKey = (pem: string): PrivateKey => explained("parsing private key", () => parsePrivateKey(pem));
  const make = (wish: Wish, key: PrivateKey, authority?: unknown): GoStruct =>
    issue(environment, wish, { key, issuer: authority === undefined ? undefined : issuerOf(authority) });
  return {
    genPrivateKey: defineFunction(["string"], "string", (kind) => generatePrivateKey(environment, kind)),
    buildCustomCert: defineFunction(["string", "string"], typeName, buildCustomCertificate),
    genCA: defineFunction(["string", "int"], typeName, (commonName, days) =>
      make({ commonName, days, isAuthority: true }, newKey()),
    ),
    genCAWithKey: defineFunction(["string", "int", "string"], typeName, (commonName, days, pem) =>
      make({ commonName, days, isAuthority: true }, givenKey(pem)),
    ),
    genSelfSignedCert: defineFunction(["string", any, any, "int"], typeName, (commonName, addresses, dnsNames, days) =>
      make({ commonName, addresses, dnsNames, days }, newKey()),
    ),
    genSelfSignedCertWithKey: defineFunction(["string", any, any, "int", "string"], typeName, (...args) => {
      const [commonName, addresses, dnsNames, days, pem] = args;
      return make({ commonName, addresses, dnsNames, days }, givenKey(pem));
    }),
    genSignedCert: defineFunction(["string", any, any, "int", typeName], typeName, (...args) => {
      const [commonName, addresses, dnsNames, days, authority] = args;
      return make({ commonName, addresses, dnsNames, days }, newKey(), authority);
    }),
    genSignedCertWithKey: defineFunction(["string", any, any, "int", typeName, "string"], typeName, (...args) => {
      const [commonName, addresses, dnsNames, days, authority, pem] = args;
      return make({ commonName, addresses, dnsNames, days }, givenKey(pem), authority);
    }),
  };
}

function explained<T>(doing: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Error(`${doing}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

interface Signing {
  readonly key: PrivateKey;
  /** Undefined for a certificate that signs itself. */
  readonly issuer: Issuer | undefined;
}

const dayMs = 86_400_000;

function issue(environment: HelmEnvironment, wish: Wish, { key, issuer }: Signing): GoStruct {
  const addresses = (wish.addresses ?? []).map(requireAddress);
  const dnsNames = (wish.dnsNames ?? []).map(requireName);
  if (key.key === undefined) {
    throw new Error("error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported");
  }
  const now = environment.now();
  const der = createCertificate(
    {
      commonName: wish.commonName,
      addresses,
      dnsNames,
      serial: BigInt(`0x${Buffer.from(environment.randomBytes(16)).toString("hex")}`) || 1n,
      notBefore: now,
      notAfter: now + Number(wish.days) * dayMs,
      isAuthority: wish.isAuthority === true,
      publicKey: createPublicKey(key.key),
    },
    issuer ?? { subject: undefined, subjectKeyId: undefined, key: key.key },
  );
  return certificateValue(encodePem("CERTIFICATE", der), key.pem);
}

function requireAddress(value: unknown): string {
  if (typeof value !== "string") throw new Error(sprintf("error parsing ip: %v is not a string", value));
  if (parseIpAddress(value) === undefined) throw new Error(`error parsing ip: ${value}`);
  return value;
}

function requireName(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(sprintf("error processing alternate dns name: %v is not a string", value));
}

function issuerOf(authority: unknown): Issuer {
  const { Cert, Key } = authority instanceof GoStruct ? authority.fields : { Cert: "", Key: "" };
  const { der, certificate } = parseCertificate(String(Cert));
  const { key } = explained("error parsing private key", () => parsePrivateKey(String(Key)));
  if (key === undefined || !publicKeyInfo(key).equals(publicKeyInfo(certificate.publicKey))) {
    throw new Error("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  return { ...readSubject(der), key };
}

function parseCertificate(text: string): { readonly der: Buffer; readonly certificate: X509Certificate } {
  const block = decodePem(text);
  if (block === undefined) throw new Error("unable to decode certificate");
  const certificate = explained("error parsing certificate: decodedCert.Bytes", () => new X509Certificate(block.der));
  return { der: block.der, certificate };
}

function buildCustomCertificate(encodedCert: string, encodedKey: string): GoStruct {
  const cert = decodeBase64(encodedCert);
  if (typeof cert === "number") throw new Error("unable to decode base64 certificate");
  const key = decodeBase64(encodedKey);
  if (typeof key === "number") throw new Error("unable to decode base64 private key");
  parseCertificate(bytesToString(cert));
  explained("error parsing private key", () => parsePrivateKey(bytesToString(key)));
  return certificateValue(bytesToString(cert), bytesToString(key));
}
