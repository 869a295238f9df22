import { formatFloat } from "../resolve/float-text.ts";
import { parseInteger } from "../resolve/number.ts";

/**
 * The text of a number; undefined when it has none. sigs.k8s.io/yaml goes through JSON and reads that again: an integral
 * number is written like an integer as long as its JSON text fits 64 bits. go-yaml v3 sees the Go value: a number is a
 * float64, a bigint is an integer.
 */
export function numberText(value: number | bigint, v3: boolean): string | undefined {
  if (v3) {
    return typeof value === "bigint" ? String(value) : formatFloat(value, 64);
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return undefined;
  }
  if (value === 0) {
    return "0";
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    return formatFloat(value, 64);
  }
  const text = String(value);
  return Number.isSafeInteger(value) || parseInteger(text) !== undefined ? text : formatFloat(Number(value), 64);
}
