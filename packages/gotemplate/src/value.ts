// The values of Go in TypeScript. A value is one of:
//   nil                null (undefined only means "no value at all", as an absent map key)
//   bool, string       boolean, string (bytes that are no UTF-8: see go-string.ts)
//   float64, int       number, bigint
//   other numbers      GoNumber
//   []any, []T         array, tagged with its type if T is not any
//   []byte             Uint8Array
//   map[string]T       plain object, tagged with its type if T is not any; own properties only
//   struct, *struct    GoStruct
//   nil of a type      GoNil
//   func               GoFunction
import { GoFunction } from "./go-function.ts";
import { compareStrings } from "./go-string.ts";
import type { GoKind, GoType, NumberKind } from "./go-type.ts";

export type GoMap = Record<string, unknown>;

/** A number of a kind other than int and float64, or of a named type such as time.Duration. */
export class GoNumber {
  readonly kind: NumberKind;
  readonly value: bigint | number;
  readonly type: GoType | undefined;

  /** Integers wrap around at their size and float32 rounds, as a conversion in Go does. */
  constructor(kind: NumberKind, value: bigint | number, type?: GoType) {
    this.kind = kind;
    this.value = normalized(kind, value);
    this.type = type;
  }
}

const integerBits: Readonly<Record<string, number>> = {
  int: 64,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  uintptr: 64,
};

function normalized(kind: NumberKind, value: bigint | number): bigint | number {
  if (kind === "float64") return Number(value);
  if (kind === "float32") return Math.fround(Number(value));
  const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
  const bits = integerBits[kind] ?? 64;
  return kind.startsWith("u") ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole);
}

/** The value of a number kind in its plainest form: bigint for int, number for float64, GoNumber for the others. */
export function goNumber(kind: NumberKind, value: bigint | number): bigint | number | GoNumber {
  if (kind === "int" || kind === "float64") return normalized(kind, value);
  return new GoNumber(kind, value);
}

/** A struct, or with a type of kind "ptr" a pointer to one. Fields are own properties, in declaration order. */
export class GoStruct {
  readonly type: GoType;
  readonly fields: Readonly<GoMap>;

  constructor(type: GoType, fields: Readonly<GoMap>) {
    this.type = type;
    this.fields = fields;
  }
}

/** What a pointer to a struct points to; a struct as it is. */
export function pointedStruct(struct: GoStruct): GoStruct {
  if (struct.type.kind !== "ptr") return struct;
  return new GoStruct({ ...struct.type, name: struct.type.name.replace(/^\*/u, ""), kind: "struct" }, struct.fields);
}

/** A typed nil: a nil map, slice or pointer. Plain `null` is the nil interface. */
export class GoNil {
  readonly type: GoType;

  constructor(type: GoType) {
    this.type = type;
  }
}

const typeTag = Symbol("go type");

interface Tagged {
  [typeTag]?: GoType;
}

/** Gives an array or plain object a Go type other than []any and map[string]any; it stays an array or plain object. */
export function withType<T extends unknown[] | GoMap>(type: GoType, value: T): T {
  Object.defineProperty(value, typeTag, { value: type, enumerable: false });
  return value;
}

/** The type of a value that carries one: tagged containers, structs, typed nils, named numbers. */
export function declaredType(value: unknown): GoType | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof GoStruct || value instanceof GoNil || value instanceof GoNumber) return value.type;
  return (value as Tagged)[typeTag];
}

/** A map[string]T that is not nil. Objects of a class are never maps, so that templates cannot look into them. */
export function isGoMap(value: unknown): value is GoMap {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function mapHas(map: Readonly<GoMap>, key: string): boolean {
  return Object.hasOwn(map, key);
}

/** The element, or undefined if there is no such key. */
export function mapGet(map: Readonly<GoMap>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets an own property for every key, also `__proto__`. */
export function mapSet(map: GoMap, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  map[key] = value;
}

/** Keys in Go's order: by the bytes of UTF-8. */
export function mapKeys(map: Readonly<GoMap>): string[] {
  const keys = Object.keys(map);
  return keys.length > 1 ? keys.sort(compareStrings) : keys;
}

export function kindOf(value: unknown): GoKind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "bigint":
      return "int";
    case "undefined":
      return "invalid";
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: unknown): GoKind {
  if (value === null) return "invalid";
  if (Array.isArray(value) || value instanceof Uint8Array) return "slice";
  if (value instanceof GoNumber) return value.kind;
  if (value instanceof GoStruct || value instanceof GoNil) return value.type.kind;
  if (value instanceof GoFunction) return "func";
  if (isGoMap(value)) return "map";
  throw new TypeError(`no value of Go: ${Object.prototype.toString.call(value)}; convert it to a plain object first`);
}

/** The name of the type, as %T prints it; "<nil>" for nil. */
export function typeName(value: unknown): string {
  const declared = declaredType(value);
  if (declared !== undefined) return declared.name;
  const kind = kindOf(value);
  switch (kind) {
    case "invalid":
      return "<nil>";
    case "slice":
      return value instanceof Uint8Array ? "[]uint8" : "[]interface {}";
    case "map":
      return "map[string]interface {}";
    case "func":
      return value instanceof GoFunction ? value.typeName : kind;
    default:
      return kind;
  }
}

/** Truth as `if` sees it: not the zero value of its type; structs are always true. */
export function isTrue(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
    case "undefined":
      return false;
    default:
      return isTrueObject(value);
  }
}

function isTrueObject(value: unknown): boolean {
  if (value === null || value instanceof GoNil) return false;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof GoNumber) return Number(value.value) !== 0;
  if (!isGoMap(value)) return true;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/** The zero value of an element type, as a map miss under missingkey=zero or `index` gives it. */
export function zeroValue(type: string): unknown {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "interface {}":
      return null;
    default:
      return Object.hasOwn(integerBits, type) || type === "float32" || type === "float64"
        ? goNumber(type as NumberKind, 0)
        : new GoNil({ name: type, kind: type.startsWith("map[") ? "map" : type.startsWith("[]") ? "slice" : "ptr" });
  }
}
