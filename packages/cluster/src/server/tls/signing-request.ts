import { createPublicKey, verify, type KeyObject } from "node:crypto";

/** What somebody wants a certificate for, and has proven to hold the key of (PKCS #10). */
export interface SigningRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly publicKey: KeyObject;
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
}

const commonName = "550403";
const organization = "55040a";

/** By the object identifiers of signature algorithms, in hexadecimal; undefined where the key decides. */
const digests: Readonly<Record<string, string | undefined>> = {
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
  "2b6570": undefined,
};

/** Throws what is wrong with it. */
export function readSigningRequest(pem: string): SigningRequest {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([^-]+)-----END CERTIFICATE REQUEST-----/u.exec(pem)?.[1];
  if (body === undefined) throw new Error("PEM block type must be CERTIFICATE REQUEST");
  const [request] = read(Buffer.from(body.replaceAll(/\s/gu, ""), "base64"));
  const [info, algorithm, signature] = read(request?.content);
  const [, subject, key] = read(info?.content);
  if (!info || !algorithm || !signature || !subject || !key) throw new Error("the certificate request is not complete");
  const publicKey = createPublicKey({ key: key.whole, format: "der", type: "spki" });
  const [id] = read(algorithm.content);
  const name = id?.content.toString("hex") ?? "";
  if (!Object.hasOwn(digests, name)) throw new Error("the signature algorithm of the certificate request is not known");
  // The first byte of bits tells how many of the last are unused: none.
  if (!verify(digests[name], info.whole, publicKey, signature.content.subarray(1))) {
    throw new Error("the signature of the certificate request is wrong");
  }
  const names = namesOf(subject.content);
  return {
    commonName: names.find(({ type }) => type === commonName)?.value ?? "",
    organizations: names.filter(({ type }) => type === organization).map(({ value }) => value),
    publicKey,
  };
}

function namesOf(content: Buffer): { type: string; value: string }[] {
  return read(content).flatMap((set) =>
    read(set.content).map((pair) => {
      const [type, value] = read(pair.content);
      return { type: type?.content.toString("hex") ?? "", value: value?.content.toString("utf8") ?? "" };
    }),
  );
}

/** The elements that stand one after the other; what is cut off is an error. */
function read(bytes: Buffer | undefined): Element[] {
  const elements: Element[] = [];
  let rest = bytes ?? Buffer.alloc(0);
  while (rest.length > 0) {
    const [tag = 0, first = 0] = rest;
    const digits = first < 0x80 ? 0 : first & 0x7f;
    if (digits > 4 || rest.length < 2 + digits) throw new Error("the certificate request is cut off");
    const length = digits === 0 ? first : rest.readUIntBE(2, digits);
    const start = 2 + digits;
    if (first === 0x80 || rest.length < start + length) throw new Error("the certificate request is cut off");
    elements.push({ tag, content: rest.subarray(start, start + length), whole: rest.subarray(0, start + length) });
    rest = rest.subarray(start + length);
  }
  return elements;
}
