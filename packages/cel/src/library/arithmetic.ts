import { fails, noSuchOverload } from "../cel-error.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { compareOrdered, Duration, equalValues, isList, CelMap, Timestamp, Uint, mergedLists } from "../value.ts";
import type { Value } from "../value.ts";
import { checkDuration, checkTimestamp } from "./moments.ts";

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;

export function checkInt(value: bigint): bigint {
  if (value < INT_MIN || value > INT_MAX) throw fails("integer overflow");
  return value;
}

export function checkUint(value: bigint): Uint {
  if (value < 0n || value > UINT_MAX) throw fails("unsigned integer overflow");
  return new Uint(value);
}

function ints(name: string, call: (left: bigint, right: bigint) => bigint): Overload {
  return overload(`${name}(int, int): int`, (left, right) => checkInt(call(left as bigint, right as bigint)));
}

function uints(name: string, call: (left: bigint, right: bigint) => bigint): Overload {
  return overload(`${name}(uint, uint): uint`, (left, right) =>
    checkUint(call((left as Uint).value, (right as Uint).value)),
  );
}

function doubles(name: string, call: (left: number, right: number) => number): Overload {
  return overload(`${name}(double, double): double`, (left, right) => call(left as number, right as number));
}

function divide(left: bigint, right: bigint): bigint {
  if (right === 0n) throw fails("division by zero");
  return left / right;
}

function modulo(left: bigint, right: bigint): bigint {
  if (right === 0n) throw fails("modulus by zero");
  return left % right;
}

function nanoseconds(value: Value | undefined): bigint {
  if (value instanceof Timestamp || value instanceof Duration) return value.nanoseconds;
  throw noSuchOverload();
}

const ADDITIONS: readonly Overload[] = [
  ints("_+_", (left, right) => left + right),
  uints("_+_", (left, right) => left + right),
  doubles("_+_", (left, right) => left + right),
  overload("_+_(string, string): string", (left, right) => `${left as string}${right as string}`),
  overload("_+_(bytes, bytes): bytes", (left, right) => {
    return new Uint8Array(Buffer.concat([left as Uint8Array, right as Uint8Array]));
  }),
  overload("_+_(list(A), list(A)): list(A)", (left, right) => joined(left as Value[], right as Value[])),
  overload("_+_(duration, duration): duration", (left, right) => checkDuration(nanoseconds(left) + nanoseconds(right))),
  overload("_+_(duration, timestamp): timestamp", (left, right) =>
    checkTimestamp(nanoseconds(left) + nanoseconds(right)),
  ),
  overload("_+_(timestamp, duration): timestamp", (left, right) =>
    checkTimestamp(nanoseconds(left) + nanoseconds(right)),
  ),
];

const OTHERS: readonly Overload[] = [
  ints("_-_", (left, right) => left - right),
  uints("_-_", (left, right) => left - right),
  doubles("_-_", (left, right) => left - right),
  overload("_-_(duration, duration): duration", (left, right) => checkDuration(nanoseconds(left) - nanoseconds(right))),
  overload("_-_(timestamp, duration): timestamp", (left, right) =>
    checkTimestamp(nanoseconds(left) - nanoseconds(right)),
  ),
  overload("_-_(timestamp, timestamp): duration", (left, right) =>
    checkDuration(nanoseconds(left) - nanoseconds(right)),
  ),
  ints("_*_", (left, right) => left * right),
  uints("_*_", (left, right) => left * right),
  doubles("_*_", (left, right) => left * right),
  ints("_/_", divide),
  uints("_/_", divide),
  doubles("_/_", (left, right) => left / right),
  ints("_%_", modulo),
  uints("_%_", modulo),
  overload("-_(int): int", (value) => checkInt(-(value as bigint))),
  overload("-_(double): double", (value) => -(value as number)),
  overload("!_(bool): bool", (value) => !(value as boolean)),
];

const ORDERED = ["bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"];
const MIXED = ["int, uint", "int, double", "uint, int", "uint, double", "double, int", "double, uint"];

const RELATIONS: Readonly<Record<string, (order: number) => boolean>> = {
  "_<_": (order) => order < 0,
  "_<=_": (order) => order <= 0,
  "_>_": (order) => order > 0,
  "_>=_": (order) => order >= 0,
};

const COMPARISONS: readonly Overload[] = Object.entries(RELATIONS).flatMap(([name, holds]) =>
  [...ORDERED.map((type) => `${type}, ${type}`), ...MIXED].map((types) =>
    overload(`${name}(${types}): bool`, (left, right) => holds(compareOrdered(left ?? null, right ?? null))),
  ),
);

function isIn(item: Value, container: Value): boolean {
  if (isList(container)) return container.some((member) => equalValues(member, item));
  if (container instanceof CelMap) return container.has(item);
  throw noSuchOverload();
}

function at(list: Value, index: Value): Value {
  if (!isList(list)) throw noSuchOverload();
  const position =
    index instanceof Uint ? index.value : typeof index === "number" && Number.isInteger(index) ? BigInt(index) : index;
  if (typeof position !== "bigint")
    throw fails(`unsupported index type '${typeof index === "string" ? "string" : "double"}' in list`);
  const item = position < 0n || position >= BigInt(list.length) ? undefined : list[Number(position)];
  if (item === undefined) throw fails(`index out of bounds: ${position}`);
  return item;
}

function entry(map: Value, key: Value): Value {
  if (!(map instanceof CelMap)) throw noSuchOverload();
  const value = map.get(key);
  if (value !== undefined) return value;
  throw fails(`no such key: ${keyText(key)}`);
}

export function keyText(key: Value): string {
  return key instanceof Uint ? String(key.value) : String(key);
}

const ACCESS: readonly Overload[] = [
  overload("_==_(A, A): bool", (left, right) => equalValues(left ?? null, right ?? null)),
  overload("_!=_(A, A): bool", (left, right) => !equalValues(left ?? null, right ?? null)),
  overload("@in(A, list(A)): bool", (item, list) => isIn(item ?? null, list ?? null)),
  overload("@in(A, map(A, B)): bool", (item, map) => isIn(item ?? null, map ?? null)),
  overload("_[_](list(A), int): A", (list, index) => at(list ?? null, index ?? null)),
  { ...overload("_[_](list(A), dyn): A", (list, index) => at(list ?? null, index ?? null)), isHidden: true },
  overload("_[_](map(A, B), A): B", (map, key) => entry(map ?? null, key ?? null)),
];

const DECIDED_BY_EVALUATOR: readonly Overload[] = [
  "_&&_(bool, bool): bool",
  "_||_(bool, bool): bool",
  "_?_:_(bool, A, A): A",
  "@not_strictly_false(bool): bool",
].map((signature) =>
  overload(signature, () => {
    throw noSuchOverload();
  }),
);

export const ARITHMETIC: readonly Overload[] = [
  ...ADDITIONS,
  ...OTHERS,
  ...COMPARISONS,
  ...ACCESS,
  ...DECIDED_BY_EVALUATOR,
];

function joined(left: readonly Value[], right: readonly Value[]): readonly Value[] {
  return mergedLists(left, right) ?? [...left, ...right];
}
