// Conversions to numbers as github.com/spf13/cast does them: what cannot be converted is 0.
import { GoNumber, GoStruct, parseFloat64, parseInt64 } from "@fairway/gotemplate";

const int64Min = -(1n << 63n);
const int64Limit = 2 ** 63;

/** int64(f) of Go on amd64 and arm64 within the range; outside it the smallest number. */
export function truncateFloat(value: number): bigint {
  if (Number.isNaN(value) || value >= int64Limit || value < -int64Limit) return int64Min;
  return BigInt(Math.trunc(value));
}

export function toInt64(value: unknown): bigint {
  switch (typeof value) {
    case "bigint":
      return value;
    case "number":
      return truncateFloat(value);
    case "boolean":
      return value ? 1n : 0n;
    case "string":
      return parseInt64(withoutZeroDecimals(value)) ?? 0n;
    default:
      return value instanceof GoNumber ? numberToInt64(value) : 0n;
  }
}

/** A named number such as time.Duration is none of the types that are known. */
function numberToInt64({ kind, type, value }: GoNumber): bigint {
  if (type !== undefined || kind === "uintptr") return 0n;
  return typeof value === "bigint" ? BigInt.asIntN(64, value) : truncateFloat(value);
}

/** "3.0" is the whole number 3; "3.10" is none. */
function withoutZeroDecimals(text: string): string {
  return text.replace(/\.0+$/u, "");
}

export function toFloat64(value: unknown): number {
  switch (typeof value) {
    case "bigint":
      return Number(value);
    case "number":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return parseAnyFloat(value) ?? 0;
    default:
      return value instanceof GoNumber && value.type === undefined && value.kind !== "uintptr"
        ? Number(value.value)
        : 0;
  }
}

/** strconv.ParseFloat with infinities and NaN; undefined if it is no number or out of range. */
export function parseAnyFloat(text: string): number | undefined {
  const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/iu.exec(text);
  if (special === null) return parseFloat64(text);
  if (special[2] === undefined) return special[1] === "" ? Number.NaN : undefined;
  return special[1] === "-" ? -Infinity : Infinity;
}

export function int64(value: bigint): GoNumber {
  return new GoNumber("int64", value);
}

/** A number for JavaScript's own arithmetic from an argument of type int; enormous ones stay enormous. */
export function toSmall(value: bigint): number {
  return Number(value);
}

export function isStruct(value: unknown, typeName: string): value is GoStruct {
  return value instanceof GoStruct && (value.type.name === typeName || value.type.name === `*${typeName}`);
}
