import { fails, noSuchOverload } from "../cel-error.ts";
import type { CelError } from "../cel-error.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { CelMap, isList, TypeValue, typeOfValue, Uint } from "../value.ts";
import type { Duration, Timestamp, Value } from "../value.ts";
import { checkInt, checkUint } from "./arithmetic.ts";
import { checkDuration, checkTimestamp, durationText, readDuration, readTimestamp, timestampText } from "./moments.ts";

const SECOND = 1_000_000_000n;

/** As Go writes floats with `%g`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return plain(value);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function plain(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : text;
}

function notReadable(type: string): CelError {
  return fails(`type conversion error from 'string' to '${type}'`);
}

function readInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw notReadable("int");
  const value = BigInt(text.replace(/^\+/, ""));
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw notReadable("int");
  return value;
}

function readUint(text: string): Uint {
  if (!/^\d+$/.test(text)) throw notReadable("uint");
  const value = BigInt(text);
  if (value >= 2n ** 64n) throw notReadable("uint");
  return new Uint(value);
}

function readDouble(text: string): number {
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2]?.toLowerCase() === "nan") return Number.NaN;
    return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    throw notReadable("double");
  }
  return Number(text);
}

function doubleToInt(value: number): bigint {
  if (!(value > -9_223_372_036_854_775_808 && value < 9_223_372_036_854_775_808)) throw fails("integer overflow");
  return BigInt(Math.trunc(value));
}

function doubleToUint(value: number): Uint {
  if (!(value >= 0 && value < 18_446_744_073_709_551_616)) throw fails("unsigned integer overflow");
  return new Uint(BigInt(Math.trunc(value)));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw error instanceof TypeError ? fails("invalid UTF-8 in bytes, cannot convert to string") : error;
  }
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

function readBool(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw notReadable("bool");
}

function toTimestamp(text: string): Timestamp {
  const nanoseconds = readTimestamp(text);
  if (nanoseconds === undefined) throw notReadable("google.protobuf.Timestamp");
  return checkTimestamp(nanoseconds);
}

function toDuration(text: string): Duration {
  const nanoseconds = readDuration(text);
  if (nanoseconds === undefined) throw notReadable("google.protobuf.Duration");
  return checkDuration(nanoseconds);
}

type Call = (value: never) => Value;

function convert(name: string, result: string, calls: Readonly<Record<string, Call>>): Overload[] {
  return Object.entries(calls).map(([type, call]) =>
    overload(`${name}(${type}): ${result}`, (value) => call(value as never)),
  );
}

function same(value: Value): Value {
  return value;
}

const INTS = convert("int", "int", {
  int: same,
  uint: (value: Uint) => checkInt(value.value),
  double: doubleToInt,
  string: readInt,
  timestamp: (value: Timestamp) => floorSeconds(value.nanoseconds),
  duration: (value: Duration) => value.nanoseconds,
});

function floorSeconds(nanoseconds: bigint): bigint {
  const seconds = nanoseconds / SECOND;
  return nanoseconds % SECOND < 0n ? seconds - 1n : seconds;
}

const OTHERS: readonly Overload[] = [
  ...convert("uint", "uint", {
    uint: same,
    int: (value: bigint) => checkUint(value),
    double: doubleToUint,
    string: readUint,
  }),
  ...convert("double", "double", {
    double: same,
    int: (value: bigint) => Number(value),
    uint: (value: Uint) => Number(value.value),
    string: readDouble,
  }),
  ...convert("bool", "bool", { bool: same, string: readBool }),
  ...convert("bytes", "bytes", { bytes: same, string: (value: string) => new TextEncoder().encode(value) }),
  ...convert("string", "string", {
    string: same,
    bool: (value: boolean) => String(value),
    int: (value: bigint) => String(value),
    uint: (value: Uint) => String(value.value),
    double: doubleText,
    bytes: decode,
    timestamp: timestampText,
    duration: durationText,
  }),
  ...convert("timestamp", "timestamp", {
    timestamp: same,
    string: toTimestamp,
    int: (value: bigint) => checkTimestamp(value * SECOND),
  }),
  ...convert("duration", "duration", {
    duration: same,
    string: toDuration,
    int: (value: bigint) => checkDuration(value),
  }),
  overload("dyn(A): dyn", (value) => value ?? null),
  overload("type(A): type(A)", (value) => new TypeValue(typeOfValue(value ?? null))),
];

function size(value: Value): Value {
  if (typeof value === "string") return BigInt([...value].length);
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (value instanceof CelMap) return BigInt(value.size);
  if (isList(value)) return BigInt(value.length);
  throw noSuchOverload();
}

const SIZES: readonly Overload[] = ["string", "bytes", "list(A)", "map(A,B)"].flatMap((type) => [
  overload(`size(${type}): int`, (value) => size(value ?? null)),
  overload(`${type}::size(): int`, (value) => size(value ?? null)),
]);

export const CONVERSIONS: readonly Overload[] = [...INTS, ...OTHERS, ...SIZES];
