import { type GoFunction, bytesToString, defineFunction, stringToBytes } from "@fairway/gotemplate";
import { toByteText } from "./byte-text.ts";

export const encodingFunctions: Readonly<Record<string, GoFunction>> = {
  b64enc: defineFunction(["string"], "string", (text) => encodeBase64(stringToBytes(text))),
  b64dec: defineFunction(["string"], "string", (text) => {
    const decoded = decodeBase64(text);
    return typeof decoded === "number" ? `illegal base64 data at input byte ${decoded}` : bytesToString(decoded);
  }),
  b32enc: defineFunction(["string"], "string", (text) => encodeBase32(stringToBytes(text))),
  b32dec: defineFunction(["string"], "string", (text) => {
    const decoded = decodeBase32(text);
    return typeof decoded === "number" ? `illegal base32 data at input byte ${decoded}` : bytesToString(decoded);
  }),
};

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** The bytes, or the place that Go complains about. Line breaks are skipped; padding must be right. */
export function decodeBase64(text: string): Uint8Array | number {
  return wrongBase64(toByteText(text)) ?? Uint8Array.from(Buffer.from(text, "base64"));
}

function wrongBase64(text: string): number | undefined {
  let inGroup = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (isLineEnd(char)) continue;
    if (char === "=") return wrongPadding(text, at, inGroup);
    if (!/[A-Za-z0-9+/]/u.test(char)) return at;
    inGroup = (inGroup + 1) % 4;
  }
  return inGroup === 0 ? undefined : text.length - inGroup;
}

/** Checks what comes from the first padding character on: two of them after two digits, one after three. */
function wrongPadding(text: string, start: number, inGroup: number): number | undefined {
  if (inGroup < 2) return start;
  let at = skipLineEnds(text, start + 1);
  if (inGroup === 2) {
    if (at === text.length) return at;
    if (text[at] !== "=") return at - 1;
    at = skipLineEnds(text, at + 1);
  }
  return at < text.length ? at : undefined;
}

function isLineEnd(char: string): boolean {
  return char === "\n" || char === "\r";
}

function skipLineEnds(text: string, start: number): number {
  let at = start;
  while (isLineEnd(text[at] ?? "")) at++;
  return at;
}

const alphabet32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function encodeBase32(bytes: Uint8Array): string {
  let result = "";
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 5) {
      count -= 5;
      result += alphabet32[(bits >> count) & 31] ?? "";
    }
    bits &= (1 << count) - 1;
  }
  if (count > 0) result += alphabet32[(bits << (5 - count)) & 31] ?? "";
  return result.padEnd(Math.ceil(result.length / 8) * 8, "=");
}

/** Line breaks are taken out first, and count in no place. What comes after a padded group is not looked at. */
function decodeBase32(text: string): Uint8Array | number {
  const digits = toByteText(text).replace(/[\r\n]/gu, "");
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 8) {
    const group = digits.slice(at, at + 8);
    const length = groupLength(digits, at);
    if (typeof length !== "number") return length.wrongAt;
    let bits = 0n;
    for (const char of group.slice(0, length).padEnd(8, "A")) bits = (bits << 5n) | BigInt(alphabet32.indexOf(char));
    for (let byte = 0; byte < Math.floor((length * 5) / 8); byte++) {
      bytes.push(Number((bits >> BigInt(32 - 8 * byte)) & 255n));
    }
    if (length < 8) break;
  }
  return Uint8Array.from(bytes);
}

/** How many digits the group has; the rest is padding. */
function groupLength(digits: string, start: number): number | { readonly wrongAt: number } {
  for (let index = 0; index < 8; index++) {
    const at = start + index;
    const char = digits[at];
    if (char === undefined) return { wrongAt: start };
    const left = digits.length - at - 1;
    if (char === "=" && index >= 2 && left < 8) {
      if (left + index < 7) return { wrongAt: digits.length };
      for (let padding = 0; padding < 7 - index; padding++) {
        if (digits[at + 1 + padding] !== "=") return { wrongAt: at + padding };
      }
      return index === 3 || index === 6 ? { wrongAt: at } : index;
    }
    if (!alphabet32.includes(char)) return { wrongAt: at };
  }
  return 8;
}
