import { type GoFunction, type GoNumber, defineFunction, sliceType, sprint, withType } from "@fairway/gotemplate";
import { int64, toFloat64, toInt64 } from "./cast.ts";
import { addDecimals, decimalOf, divideDecimals, multiplyDecimals, subtractDecimals, toFloat } from "./decimal.ts";
import { divideByZero } from "./go-panic.ts";
import { functionLimits } from "./limits.ts";

const intsType = sliceType("int");

function fold(first: unknown, rest: readonly unknown[], combine: (left: bigint, right: bigint) => bigint): GoNumber {
  return int64(rest.reduce((sum: bigint, item) => BigInt.asIntN(64, combine(sum, toInt64(item))), toInt64(first)));
}

function foldDecimals(first: unknown, rest: readonly unknown[], combine: typeof addDecimals): number {
  return toFloat(
    rest.reduce(
      (sum: ReturnType<typeof decimalOf>, item) => combine(sum, decimalOf(toFloat64(item))),
      decimalOf(toFloat64(first)),
    ),
  );
}

function divide(left: unknown, right: unknown, combine: (left: bigint, right: bigint) => bigint): GoNumber {
  const divisor = toInt64(right);
  if (divisor === 0n) throw divideByZero();
  return int64(combine(toInt64(left), divisor));
}

const maximum = defineFunction(["any", "...any"], "int64", (first, ...rest) =>
  fold(first, rest, (left, right) => (right > left ? right : left)),
);

export const arithmeticFunctions: Readonly<Record<string, GoFunction>> = {
  int64: defineFunction(["any"], "int64", (value) => int64(toInt64(value))),
  int: defineFunction(["any"], "int", toInt64),
  float64: defineFunction(["any"], "float64", toFloat64),
  toDecimal: defineFunction(["any"], "int64", (value) => int64(parseOctal(sprint(value)))),
  atoi: defineFunction(["string"], "int", (text) => parseDecimal(text) ?? 0n),
  add1: defineFunction(["any"], "int64", (value) => int64(toInt64(value) + 1n)),
  add: defineFunction(["...any"], "int64", (...items) => fold(0n, items, (left, right) => left + right)),
  sub: defineFunction(["any", "any"], "int64", (left, right) => int64(toInt64(left) - toInt64(right))),
  div: defineFunction(["any", "any"], "int64", (left, right) => divide(left, right, (a, b) => a / b)),
  mod: defineFunction(["any", "any"], "int64", (left, right) => divide(left, right, (a, b) => a % b)),
  mul: defineFunction(["any", "...any"], "int64", (first, ...rest) => fold(first, rest, (left, right) => left * right)),
  biggest: maximum,
  max: maximum,
  min: defineFunction(["any", "...any"], "int64", (first, ...rest) =>
    fold(first, rest, (left, right) => (right < left ? right : left)),
  ),
};

export const floatFunctions: Readonly<Record<string, GoFunction>> = {
  add1f: defineFunction(["any"], "float64", (value) => foldDecimals(value, [1n], addDecimals)),
  addf: defineFunction(["...any"], "float64", (...items) => foldDecimals(0, items, addDecimals)),
  subf: defineFunction(["any", "...any"], "float64", (first, ...rest) => foldDecimals(first, rest, subtractDecimals)),
  divf: defineFunction(["any", "...any"], "float64", (first, ...rest) => foldDecimals(first, rest, divideDecimals)),
  mulf: defineFunction(["any", "...any"], "float64", (first, ...rest) => foldDecimals(first, rest, multiplyDecimals)),
  maxf: defineFunction(["any", "...any"], "float64", (first, ...rest) =>
    Math.max(toFloat64(first), ...rest.map(toFloat64)),
  ),
  minf: defineFunction(["any", "...any"], "float64", (first, ...rest) =>
    Math.min(toFloat64(first), ...rest.map(toFloat64)),
  ),
  floor: defineFunction(["any"], "float64", (value) => Math.floor(toFloat64(value))),
  ceil: defineFunction(["any"], "float64", (value) => Math.ceil(toFloat64(value))),
  round: defineFunction(["any", "int", "...float64"], "float64", (value, places, roundOn) =>
    roundTo(toFloat64(value), Number(places), roundOn ?? 0.5),
  ),
};

export const sequenceFunctions: Readonly<Record<string, GoFunction>> = {
  until: defineFunction(["int"], "[]int", (count) => steps(0n, count, count < 0n ? -1n : 1n)),
  untilStep: defineFunction(["int", "int", "int"], "[]int", (start, stop, step) => steps(start, stop, step)),
  seq: defineFunction(["...int"], "string", (...params) => sequence(params).join(" ")),
};

/** Fractions of at least `roundOn` go up, also for negative numbers, whose fraction is negative. */
function roundTo(value: number, places: number, roundOn: number): number {
  const power = Number(`1e${places}`);
  const shifted = power * value;
  const fraction = Number.isFinite(shifted) ? shifted - Math.trunc(shifted) : Number.NaN;
  return (fraction >= roundOn ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}

function steps(start: bigint, stop: bigint, step: bigint): bigint[] {
  const items: bigint[] = [];
  const isDown = stop < start;
  if (isDown ? step < 0n : step > 0n) {
    for (let item = start; isDown ? item > stop : item < stop; item += step) {
      items.push(item);
      if (items.length > functionLimits.sequenceLengthMax) {
        throw new Error(`a sequence of more than ${functionLimits.sequenceLengthMax} numbers; use a smaller range`);
      }
    }
  }
  return withType(intsType, items);
}

/** As the command seq: end; start and end; start, step and end. The end belongs to it. */
function sequence(params: readonly bigint[]): bigint[] {
  const [first = 0n, second = 0n, third = 0n] = params;
  if (params.length === 1) return inclusive(1n, first, first < 1n ? -1n : 1n);
  if (params.length === 2) return inclusive(first, second, second < first ? -1n : 1n);
  if (params.length !== 3) return [];
  return third < first && second > 0n ? [] : inclusive(first, third, second);
}

function inclusive(start: bigint, end: bigint, step: bigint): bigint[] {
  return steps(start, end + (end < start ? -1n : 1n), step);
}

const int64Min = -(1n << 63n);
const int64Max = (1n << 63n) - 1n;

/** strconv.Atoi; a number out of range becomes the nearest one, for atoi ignores the error. */
function parseDecimal(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/u.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/u, ""));
  return value > int64Max ? int64Max : value < int64Min ? int64Min : value;
}

function parseOctal(text: string): bigint {
  if (!/^[+-]?[0-7]+$/u.test(text)) return 0n;
  const magnitude = BigInt(`0o${text.replace(/^[+-]/u, "")}`);
  const value = text.startsWith("-") ? -magnitude : magnitude;
  return value > int64Max || value < int64Min ? 0n : value;
}
