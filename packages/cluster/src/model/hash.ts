/** The alphabet in which Kubernetes writes hashes and random endings: no vowels, nothing that looks like another. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

const fnvPrime = 0x01000193;
const fnvStart = 0x811c9dc5;

/** FNV-1, 32 bits. */
export function fnv32(bytes: Uint8Array, start = fnvStart): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash, fnvPrime) ^ byte;
  return hash >>> 0;
}

/** FNV-1a, 32 bits. */
export function fnv32a(bytes: Uint8Array, start = fnvStart): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, fnvPrime);
  return hash >>> 0;
}

/** The digits of a number in letters that can't become a word. */
export function safeText(number: number): string {
  return [...String(number)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join("");
}

/** As the API server ends generated names. */
export function randomEnding(random: () => number, length = 5): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/** JSON as Go writes a map: keys in order, and the three characters escaped that HTML gives a meaning. */
export function goJson(value: unknown): string {
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
