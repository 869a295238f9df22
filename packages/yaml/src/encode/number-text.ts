import { formatFloat } from "../resolve/float-text.ts";
import { parseInteger } from "../resolve/number.ts";

/**
 * The text of a number. sigs.k8s.io/yaml goes through JSON: an integral float is written like an integer as long as it
 * fits 64 bits. go-yaml v3 sees the Go value: a number is a float64, a bigint is an integer.
 */
export function numberText(value: number | bigint, v3: boolean): string | undefined {
  if (v3) {
    return typeof value === "bigint" ? String(value) : formatFloat(value, 64);
  }
  if (typeof value === "bigint") {
    return parseInteger(String(value)) === undefined ? formatFloat(Number(value), 64) : String(value);
  }
  if (!Number.isFinite(value)) {
    return undefined;
  }
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64 && value >= -(2 ** 63)) {
    return integerText(value);
  }
  return formatFloat(value, 64);
}

/** JSON writes the shortest digits and fills up with zeros; that text is what is read as an integer again. */
function integerText(value: number): string {
  const text = String(value);
  return text === "-0" || value === 0 ? "0" : text;
}
