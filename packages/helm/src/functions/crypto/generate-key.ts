// New private keys as PEM, made of the environment's random bytes alone.
import { checkPrimeSync, createECDH } from "node:crypto";
import type { HelmEnvironment } from "../environment.ts";
import { bitString, bytesOf, encodePem, integer, objectIdentifier, octetString, sequence, tagged } from "./der.ts";
import { findPrime, inverseModulo, powerModulo } from "./primes.ts";
import { ByteStream } from "./random-source.ts";

export function generatePrivateKey(environment: HelmEnvironment, kind: string): string {
  switch (kind) {
    case "":
    case "rsa":
      return generateRsaKey(environment, 4096);
    case "dsa":
      return generateDsaKey(new ByteStream(environment));
    case "ecdsa":
      return generateEcKey(new ByteStream(environment));
    case "ed25519":
      return generateEd25519Key(new ByteStream(environment));
    default:
      return `Unknown type ${kind}`;
  }
}

const publicExponent = 65_537n;

export function generateRsaKey(environment: HelmEnvironment, bits: number): string {
  const stream = new ByteStream(environment);
  for (;;) {
    const p = findPrime(stream, bits / 2);
    const q = findPrime(stream, bits / 2);
    const totient = (p - 1n) * (q - 1n);
    if (p === q || totient % publicExponent === 0n) continue;
    const d = inverseModulo(publicExponent, totient);
    const parts = [0n, p * q, publicExponent, d, p, q, d % (p - 1n), d % (q - 1n), inverseModulo(q, p)];
    return encodePem("RSA PRIVATE KEY", sequence(...parts.map(integer)));
  }
}

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function generateEcKey(stream: ByteStream): string {
  const secret = Buffer.from(stream.positiveBelow(p256Order).toString(16).padStart(64, "0"), "hex");
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(secret);
  const der = sequence(
    integer(1n),
    octetString(secret),
    tagged(0xa0, objectIdentifier("1.2.840.10045.3.1.7")),
    tagged(0xa1, bitString(curve.getPublicKey())),
  );
  return encodePem("EC PRIVATE KEY", der);
}

function generateEd25519Key(stream: ByteStream): string {
  const der = sequence(
    integer(0n),
    sequence(objectIdentifier("1.3.101.112")),
    octetString(octetString(stream.bytes(32))),
  );
  return encodePem("PRIVATE KEY", der);
}

/** 2048 bits with a subgroup of 256. */
function generateDsaKey(stream: ByteStream): string {
  const q = findPrime(stream, 256);
  const p = findDsaModulus(stream, q);
  let g = 1n;
  for (let base = 2n; g === 1n; base++) g = powerModulo(base, (p - 1n) / q, p);
  const x = stream.positiveBelow(q);
  const y = powerModulo(g, x, p);
  return encodePem("DSA PRIVATE KEY", sequence(...[0n, p, q, g, y, x].map(integer)));
}

function findDsaModulus(stream: ByteStream, q: bigint): bigint {
  for (;;) {
    const start = stream.number(2048) | (1n << 2047n);
    const candidate = start - (start % (2n * q)) + 1n;
    if (bytesOf(candidate).length === 256 && checkPrimeSync(candidate)) return candidate;
  }
}
