import { Uint } from "./value.ts";

const INT_MAX = 2n ** 63n - 1n;
const INT_MIN = -(2n ** 63n);
const UINT_MAX = 2n ** 64n - 1n;

/** The number, or what is wrong with it. */
export function readNumber(
  text: string,
  isNegative: boolean,
): { readonly value: bigint | number | Uint } | { readonly problem: string } {
  if (/[uU]$/.test(text)) {
    const value = BigInt(text.slice(0, -1));
    return value > UINT_MAX || isNegative ? { problem: "invalid uint literal" } : { value: new Uint(value) };
  }
  if (!text.startsWith("0x") && /[.eE]/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { value: isNegative ? -value : value } : { problem: "invalid double literal" };
  }
  const value = isNegative ? -BigInt(text) : BigInt(text);
  return value > INT_MAX || value < INT_MIN ? { problem: "invalid int literal" } : { value };
}

const SHORT: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "`": "`",
  "?": "?",
};

/** What the quoted text says; undefined when an escape is malformed. */
export function readString(token: string): string | undefined {
  const { body, isRaw } = open(token);
  const text = body.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  if (isRaw) return text;
  return unescape(text, (code) => String.fromCodePoint(code));
}

/** In bytes, `\x` and octal escapes are bytes, not characters. */
export function readBytes(token: string): Uint8Array | undefined {
  const { body, isRaw } = open(token.slice(1));
  if (isRaw) return new TextEncoder().encode(body);
  const text = unescape(body, (code, isByte) =>
    isByte ? String.fromCodePoint(0xf0000 + code) : String.fromCodePoint(code),
  );
  if (text === undefined) return undefined;
  const parts = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0xf0000 && code <= 0xf00ff ? Buffer.from([code - 0xf0000]) : Buffer.from(character);
  });
  return new Uint8Array(Buffer.concat(parts));
}

function open(token: string): { readonly body: string; readonly isRaw: boolean } {
  const isRaw = /^[rR]/.test(token);
  const quoted = isRaw ? token.slice(1) : token;
  const width = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
  return { body: quoted.slice(width, -width), isRaw };
}

const ESCAPE =
  /\\(?:([abfnrtv\\'"`?])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^]?))/gu;

function unescape(body: string, character: (code: number, isByte: boolean) => string): string | undefined {
  let isValid = true;
  const text = body.replace(ESCAPE, (...match: readonly unknown[]) => {
    const [, short, hex, four, eight, octal] = match as readonly (string | undefined)[];
    if (short !== undefined) return SHORT[short] ?? "";
    const [digits, base] = octal === undefined ? [hex ?? four ?? eight, 16] : [octal, 8];
    const code = digits === undefined ? Number.NaN : Number.parseInt(digits, base);
    const isByte = hex !== undefined || octal !== undefined;
    if (Number.isNaN(code) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) isValid = false;
    return isValid ? character(code, isByte) : "";
  });
  return isValid ? text : undefined;
}
