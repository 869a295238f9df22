import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  STRING,
  TIMESTAMP,
  TYPE,
  UINT,
} from "./cel-type.ts";
import type { CelType } from "./cel-type.ts";
import { fails, noSuchOverload } from "./cel-error.ts";

/**
 * A value of the language: `bigint` is int, `number` is double, arrays are lists; the others have classes.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint
  | Uint8Array
  | Timestamp
  | Duration
  | readonly Value[]
  | CelMap
  | CelObject
  | Optional
  | Opaque
  | TypeValue;

/** What can be written down in a text. */
export type Literal = null | boolean | bigint | number | string | Uint | Uint8Array;

export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export class Timestamp {
  /** Since 1970. */
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class TypeValue {
  readonly type: CelType;

  constructor(type: CelType) {
    this.type = type;
  }
}

export class Optional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export const NONE: Optional = new Optional(undefined);

/** A value that only its library understands, such as a quantity or a URL. */
export class Opaque {
  readonly typeName: string;
  readonly content: unknown;
  readonly equals: (other: unknown) => boolean;

  constructor(typeName: string, content: unknown, equals: (other: unknown) => boolean) {
    this.typeName = typeName;
    this.content = content;
    this.equals = equals;
  }
}

/** A value with named fields of its own types. Fields are read when they are asked for. */
export class CelObject {
  readonly typeName: string;
  readonly names: readonly string[];
  /** Undefined when the field isn't set. */
  readonly field: (name: string) => Value | undefined;

  constructor(typeName: string, names: readonly string[], field: (name: string) => Value | undefined) {
    this.typeName = typeName;
    this.names = names;
    this.field = field;
  }
}

/** Keys are booleans, strings and integers; integers of all types are one. */
export class CelMap {
  readonly #entries = new Map<string | bigint | boolean, readonly [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.#entries.set(writtenKey(key), [key, value]);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Only while nobody else has seen the map. */
  add(key: Value, value: Value): void {
    this.#entries.set(writtenKey(key), [key, value]);
  }

  has(key: Value): boolean {
    const known = mapKey(key);
    return known !== undefined && this.#entries.has(known);
  }

  get(key: Value): Value | undefined {
    const known = mapKey(key);
    return known === undefined ? undefined : this.#entries.get(known)?.[1];
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }

  keys(): Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
}

function writtenKey(key: Value): string | bigint | boolean {
  const known = mapKey(key);
  if (known === undefined || typeof key === "number") throw fails("unsupported key type");
  return known;
}

function mapKey(key: Value): string | bigint | boolean | undefined {
  if (typeof key === "string" || typeof key === "bigint" || typeof key === "boolean") return key;
  if (key instanceof Uint) return key.value;
  if (typeof key === "number" && Number.isInteger(key)) return BigInt(key);
  return undefined;
}

/** The type at run time: of lists and maps without what is in them. */
export function typeOfValue(value: Value): CelType {
  if (value === null) return NULL;
  switch (typeof value) {
    case "boolean":
      return BOOL;
    case "bigint":
      return INT;
    case "number":
      return DOUBLE;
    case "string":
      return STRING;
    default:
      return typeOfObject(value);
  }
}

function typeOfObject(value: Exclude<Value, null | boolean | bigint | number | string>): CelType {
  if (value instanceof Uint) return UINT;
  if (value instanceof Uint8Array) return BYTES;
  if (value instanceof Timestamp) return TIMESTAMP;
  if (value instanceof Duration) return DURATION;
  if (value instanceof CelMap) return mapOf(DYN, DYN);
  if (value instanceof Optional) return optionalOf(DYN);
  if (value instanceof TypeValue) return TYPE;
  if (value instanceof Opaque) return opaque(value.typeName);
  if (value instanceof CelObject) return { kind: "struct", name: value.typeName, params: [] };
  return listOf(DYN);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const keysOf = new WeakMap<readonly Value[], (item: Value) => string>();

/** A list in which each key is once, and whose order doesn't count: a set, or items with names. */
export function keyedList(items: readonly Value[], keyOf: (item: Value) => string): readonly Value[] {
  const list = [...items];
  keysOf.set(list, keyOf);
  return list;
}

/** Items of the second list take the place of those with the same key, or come last. Undefined for plain lists. */
export function mergedLists(left: readonly Value[], right: readonly Value[]): readonly Value[] | undefined {
  const keyOf = keysOf.get(left);
  if (keyOf === undefined) return undefined;
  const merged = new Map(left.map((item) => [keyOf(item), item]));
  for (const item of right) merged.set(keyOf(item), item);
  return keyedList([...merged.values()], keyOf);
}

function equalLists(left: readonly Value[], right: readonly Value[]): boolean {
  if (left.length !== right.length) return false;
  const keyOf = keysOf.get(left);
  if (keyOf === undefined) return left.every((item, index) => equalValues(item, right[index] ?? null));
  const own = new Map(left.map((item) => [keyOf(item), item]));
  return right.every((item) => {
    const found = own.get(keyOf(item));
    return found !== undefined && equalValues(found, item);
  });
}

/** As `==` decides: numbers by what they are, whatever their type. */
export function equalValues(left: Value, right: Value): boolean {
  if (left === right) return true;
  const numeric = compareNumbers(left, right);
  if (numeric !== undefined) return numeric === 0;
  if (isList(left)) {
    return isList(right) && equalLists(left, right);
  }
  if (left instanceof CelMap) return right instanceof CelMap && equalMaps(left, right);
  return equalOthers(left, right);
}

function equalMaps(left: CelMap, right: CelMap): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left.entries()) {
    const other = right.get(key);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

function equalOthers(left: Value, right: Value): boolean {
  if (left instanceof Uint8Array) return right instanceof Uint8Array && Buffer.compare(left, right) === 0;
  if (left instanceof Timestamp) return right instanceof Timestamp && left.nanoseconds === right.nanoseconds;
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  if (left instanceof TypeValue) return right instanceof TypeValue && left.type.name === right.type.name;
  if (left instanceof Opaque)
    return right instanceof Opaque && left.typeName === right.typeName && left.equals(right.content);
  if (left instanceof Optional && right instanceof Optional) {
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return equalValues(left.value, right.value);
  }
  return left instanceof CelObject && right instanceof CelObject && equalObjects(left, right);
}

function equalObjects(left: CelObject, right: CelObject): boolean {
  if (left.typeName !== right.typeName || left.names.length !== right.names.length) return false;
  return left.names.every((name) => {
    const [one, other] = [left.field(name), right.field(name)];
    return one !== undefined && other !== undefined && equalValues(one, other);
  });
}

/** Less than, equal to or greater than zero; NaN compares with nothing. Throws for what has no order. */
export function compareOrdered(left: Value, right: Value): number {
  const numeric = compareNumbers(left, right);
  if (numeric !== undefined) return numeric;
  if (typeof left === "string" && typeof right === "string")
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (left instanceof Timestamp && right instanceof Timestamp) return sign(left.nanoseconds - right.nanoseconds);
  if (left instanceof Duration && right instanceof Duration) return sign(left.nanoseconds - right.nanoseconds);
  throw noSuchOverload();
}

/** Undefined when they are not both numbers, NaN when one of them is. */
export function compareNumbers(left: Value, right: Value): number | undefined {
  const one = numberOf(left);
  const other = numberOf(right);
  if (one === undefined || other === undefined) return undefined;
  if (Number.isNaN(one) || Number.isNaN(other)) return Number.NaN;
  // Integers are compared with doubles as doubles, as exactly as these can.
  if (typeof one !== typeof other) return order(Number(one), Number(other));
  return order(one, other);
}

function order(one: number | bigint, other: number | bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Uint ? value.value : undefined;
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
