// A certificate for loopback, made in memory: X.509 (RFC 5280) in DER, signed with its own key.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

const commonName = "2.5.4.3";
const alternativeNames = "2.5.29.17";
const basicConstraints = "2.5.29.19";
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const validForMs = 365 * 24 * 3600 * 1000;

export function selfSigned(now: Date = new Date()): Credentials {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(set(sequence(objectId(commonName), tagged(0x0c, Buffer.from("scenario")))));
  const algorithm = sequence(objectId(ecdsaWithSha256));
  const addresses = sequence(tagged(0x82, Buffer.from("localhost")), tagged(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    sequence(objectId(alternativeNames), octets(addresses)),
    sequence(
      objectId(basicConstraints),
      tagged(0x01, Buffer.from([0xff])),
      octets(sequence(tagged(0x01, Buffer.from([0xff])))),
    ),
  );
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - validForMs)), time(new Date(now.getTime() + validForMs))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, extensions),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const lines = sequence(body, algorithm, signature).toString("base64").replaceAll(/.{64}/gu, "$&\n");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  return length < 256 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function octets(content: Buffer): Buffer {
  return tagged(0x04, content);
}

function integer(content: Buffer): Buffer {
  return tagged(0x02, content);
}

function time(value: Date): Buffer {
  const digits = value.toISOString().replaceAll(/[-:T]|\.\d+/gu, "");
  return tagged(0x18, Buffer.from(digits));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
