const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

export type KeyFlavour = "v2" | "v3";

/** Orders keys as go-yaml does: runs of digits by their number, letters after other characters. */
export function compareKeys(a: string, b: string, flavour: KeyFlavour): number {
  const common = Math.min(a.length, b.length);
  let at = 0;
  while (at < common && a.charCodeAt(at) === b.charCodeAt(at)) {
    at++;
  }
  if (at === common) {
    return a.length - b.length;
  }
  // A pair of surrogates is one character.
  if (at > 0 && isLow(a, at) && isLow(b, at)) {
    at--;
  }
  return compareAt({ a, b, at, flavour });
}

function isLow(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

function compareAt({ a, b, at, flavour }: { a: string; b: string; at: number; flavour: KeyFlavour }): number {
  const left = a.codePointAt(at) ?? 0;
  const right = b.codePointAt(at) ?? 0;
  const leftLetter = isLetter(left);
  const rightLetter = isLetter(right);
  if (leftLetter && rightLetter) {
    return left - right;
  }
  if (leftLetter || rightLetter) {
    const afterDigit = flavour === "v3" && at > 0 && isDigit(a.codePointAt(at - 1) ?? 0);
    return (afterDigit ? leftLetter : rightLetter) ? -1 : 1;
  }
  const seed = (left === 48 || right === 48) && followsNumber(a, at) ? 1n : 0n;
  const leftRun = readNumber(a, at, seed);
  const rightRun = readNumber(b, at, seed);
  if (leftRun.value !== rightRun.value) {
    return leftRun.value < rightRun.value ? -1 : 1;
  }
  return leftRun.length === rightRun.length ? left - right : leftRun.length - rightRun.length;
}

function isLetter(code: number): boolean {
  if (code < 128) {
    const lower = code | 0x20;
    return lower >= 0x61 && lower <= 0x7a;
  }
  return letter.test(String.fromCodePoint(code));
}

function isDigit(code: number): boolean {
  return code < 128 ? code >= 48 && code <= 57 : digit.test(String.fromCodePoint(code));
}

/** Whether the digits before the place are more than zeros: then a zero here has weight. */
function followsNumber(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const code = text.charCodeAt(before);
    if (!isDigit(code)) {
      return false;
    }
    if (code !== 48) {
      return true;
    }
  }
  return false;
}

function readNumber(text: string, from: number, seed: bigint): { value: bigint; length: number } {
  let value = seed;
  let at = from;
  let length = 0;
  for (;;) {
    const code = text.codePointAt(at);
    if (code === undefined || !isDigit(code)) {
      return { value, length };
    }
    value = BigInt.asIntN(64, value * 10n + BigInt(code - 48));
    at += code > 0xffff ? 2 : 1;
    length++;
  }
}

/** The keys of an object in the order in which they are written. */
export function sortKeys(keys: string[], flavour: KeyFlavour): string[] {
  return keys.length < 2 ? keys : keys.sort((a, b) => compareKeys(a, b, flavour));
}
