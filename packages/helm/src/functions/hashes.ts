import { createHash } from "node:crypto";
import { type GoFunction, defineFunction, stringToBytes } from "@fairway/gotemplate";

export const hashFunctions: Readonly<Record<string, GoFunction>> = {
  sha1sum: defineFunction(["string"], "string", (text) => hexDigest("sha1", text)),
  sha256sum: defineFunction(["string"], "string", (text) => hexDigest("sha256", text)),
  sha512sum: defineFunction(["string"], "string", (text) => hexDigest("sha512", text)),
  adler32sum: defineFunction(["string"], "string", (text) => String(adler32(stringToBytes(text)))),
};

function hexDigest(algorithm: string, text: string): string {
  return createHash(algorithm).update(stringToBytes(text)).digest("hex");
}

const adlerModulus = 65_521;

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % adlerModulus;
    high = (high + low) % adlerModulus;
  }
  return high * 65_536 + low;
}
