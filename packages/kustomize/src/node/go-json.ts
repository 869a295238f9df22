import type { PlainValue } from "./plain-value.ts";
import { goJsonNumber } from "./number-text.ts";

const escaped = new Map([
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/** JSON exactly as Go's encoding/json writes a map: keys sorted, and characters of HTML escaped. Hashes depend on it. */
export function goJson(value: PlainValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return goJsonString(value);
  if (typeof value === "number") return goJsonNumber(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  const members = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${goJsonString(key)}:${goJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

export function goJsonString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (character) => escaped.get(character) ?? character,
  );
}

/** The order of Go's strings: by the bytes of UTF-8. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  if (/[\ud800-\udfff]/.test(left) || /[\ud800-\udfff]/.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : 1;
}

/** A string in double quotes, as Go's %q prints it. */
export function goQuote(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u00([01][0-9a-f]|7f)/g, (_, code: string) => `\\x${code}`)
    .replaceAll("\\x07", "\\a")
    .replaceAll("\\x0b", "\\v");
}
