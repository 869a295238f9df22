import { randomBytes } from "node:crypto";

/** No vowels and no digits that look like them, so that no word comes about. */
const letters = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const baseLengthMax = 63 - suffixLength;

/** `web-` becomes `web-x7k2p`. */
export function generateName(base: string): string {
  const suffix = [...randomBytes(suffixLength)].map((byte) => letters[byte % letters.length]).join("");
  return base.slice(0, baseLengthMax) + suffix;
}
