import { fails } from "../cel-error.ts";
import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { Opaque } from "../value.ts";
import type { Value } from "../value.ts";

const TYPE = "kubernetes.Quantity";
const NANOS = 1_000_000_000n;

const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** The amount in billionths, rounded up to these, or what is wrong with the text. */
export function readQuantity(text: string): bigint | string {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/s.exec(text);
  const [, sign = "", whole = "", fraction = "", suffix = ""] = parts ?? [];
  if (whole === "" && fraction === "") {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  const scale = scaleOf(suffix);
  if (scale === undefined) {
    return /^(?:[eEinumkKMGTP]*[-+]?\d*)$/.test(suffix)
      ? "unable to parse quantity's suffix"
      : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  const digits = BigInt(`${whole}${fraction}` || "0");
  const divisor = 10n ** BigInt(fraction.length) * scale.divisor;
  const scaled = digits * scale.multiplier * NANOS;
  const rounded = scaled / divisor + (scaled % divisor === 0n ? 0n : 1n);
  return sign === "-" ? -rounded : rounded;
}

function scaleOf(suffix: string): { readonly multiplier: bigint; readonly divisor: bigint } | undefined {
  const binary = BINARY.indexOf(suffix);
  if (binary >= 0) return { multiplier: 1024n ** BigInt(binary + 1), divisor: 1n };
  const exponent = Object.hasOwn(DECIMAL, suffix) ? DECIMAL[suffix] : exponentOf(suffix);
  if (exponent === undefined || Math.abs(exponent) > 100) return undefined;
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? { multiplier: 1n, divisor: power } : { multiplier: power, divisor: 1n };
}

function exponentOf(suffix: string): number | undefined {
  return /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : undefined;
}

interface Amount {
  readonly nanos: bigint;
  /** Written as a fraction of a power of two: Kubernetes doesn't give these as integers. */
  readonly isDecimal: boolean;
}

function quantity(nanos: bigint, isDecimal: boolean): Opaque {
  return new Opaque(TYPE, { nanos, isDecimal } satisfies Amount, (other) => (other as Amount).nanos === nanos);
}

function nanosOf(value: Value | undefined): bigint {
  return value instanceof Opaque ? (value.content as Amount).nanos : (value as bigint) * NANOS;
}

function isDecimal(...values: readonly (Value | undefined)[]): boolean {
  return values.some((value) => value instanceof Opaque && (value.content as Amount).isDecimal);
}

function combine(left: Value | undefined, right: Value | undefined, sign: bigint): Opaque {
  return quantity(nanosOf(left) + sign * nanosOf(right), isDecimal(left, right));
}

function parse(text: Value | undefined): Opaque {
  const nanos = readQuantity(text as string);
  if (typeof nanos === "string") throw fails(nanos);
  return quantity(nanos, /\.\d+[KMGTPE]i$/.test(text as string));
}

function asInteger(value: Value | undefined): bigint | undefined {
  if (isDecimal(value)) return undefined;
  const nanos = nanosOf(value);
  const whole = nanos / NANOS;
  const isInt = nanos % NANOS === 0n && whole >= -(2n ** 63n) && whole < 2n ** 63n;
  return isInt ? whole : undefined;
}

function requireInteger(value: Value | undefined): bigint {
  const integer = asInteger(value);
  if (integer === undefined) throw fails("cannot convert value to integer");
  return integer;
}

function compare(left: Value | undefined, right: Value | undefined): bigint {
  const difference = nanosOf(left) - nanosOf(right);
  return difference < 0n ? -1n : difference > 0n ? 1n : 0n;
}

const Q = TYPE;

export const QUANTITIES: Library = {
  name: "kubernetes.quantity",
  types: [opaque(TYPE)],
  overloads: [
    overload(`quantity(string): ${Q}`, parse),
    overload("isQuantity(string): bool", (text) => typeof readQuantity(text as string) !== "string"),
    overload(`sign(${Q}): int`, (value) => compare(value, 0n)),
    overload(`${Q}::isGreaterThan(${Q}): bool`, (left, right) => compare(left, right) > 0n),
    overload(`${Q}::isLessThan(${Q}): bool`, (left, right) => compare(left, right) < 0n),
    overload(`${Q}::compareTo(${Q}): int`, compare),
    overload(`${Q}::asApproximateFloat(): double`, (value) => Number(nanosOf(value)) / 1e9),
    overload(`${Q}::asInteger(): int`, requireInteger),
    overload(`${Q}::isInteger(): bool`, (value) => asInteger(value) !== undefined),
    overload(`${Q}::add(${Q}): ${Q}`, (left, right) => combine(left, right, 1n)),
    overload(`${Q}::add(int): ${Q}`, (left, right) => combine(left, right, 1n)),
    overload(`${Q}::sub(${Q}): ${Q}`, (left, right) => combine(left, right, -1n)),
    overload(`${Q}::sub(int): ${Q}`, (left, right) => combine(left, right, -1n)),
  ],
};
