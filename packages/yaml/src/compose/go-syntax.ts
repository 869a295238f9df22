import { formatFloat } from "../resolve/float-text.ts";
import { isUnsigned64 } from "../resolve/number.ts";
import { isPlainObject } from "./plain-object.ts";

const lengthMax = 2_000;

/** A value as Go's "%#v" shows it, which go-yaml puts into its errors about keys. */
export function goSyntax(value: unknown): string {
  const text = value === null ? "<nil>" : inner(value);
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}...` : text;
}

function inner(value: unknown): string {
  if (value === null) {
    return "interface {}(nil)";
  }
  if (typeof value === "string") {
    return goQuote(value);
  }
  if (typeof value === "bigint") {
    return isUnsigned64(value) ? `0x${value.toString(16)}` : String(value);
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : formatFloat(value, 64);
  }
  if (Array.isArray(value)) {
    return `[]interface {}{${value.map(inner).join(", ")}}`;
  }
  if (isPlainObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${goQuote(key)}:${inner(value[key])}`);
    return `map[interface {}]interface {}{${entries.join(", ")}}`;
  }
  return String(value);
}

/** Go's strconv.Quote for what occurs in keys. */
export function goQuote(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(/\\u00([0-9a-f]{2})/g, String.raw`\x$1`);
  return escaped.replaceAll(String.raw`\x07`, String.raw`\a`).replaceAll(String.raw`\x0b`, String.raw`\v`);
}
