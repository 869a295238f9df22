// eq, lt and le, on which the other comparisons are built.
import { sprintf } from "../fmt/printf.ts";
import { compareStrings } from "../go-string.ts";
import { GoNil, GoNumber, GoStruct, kindOf, typeName } from "../value.ts";

type BasicKind = "bool" | "int" | "uint" | "float" | "string";

const badType = "invalid type for comparison";

function basicKind(value: unknown): BasicKind | undefined {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "string";
    default:
      break;
  }
  if (!(value instanceof GoNumber)) return undefined;
  if (value.kind.startsWith("float")) return "float";
  return value.kind.startsWith("u") ? "uint" : "int";
}

function plain(value: unknown): unknown {
  return value instanceof GoNumber ? value.value : value;
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null || value instanceof GoNil;
}

function incompatible(a: unknown, b: unknown): never {
  throw new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

export function equal(first: unknown, ...others: readonly unknown[]): boolean {
  if (others.length === 0) throw new Error("missing argument for comparison");
  return others.some((other) => equalPair(first, other));
}

function equalPair(a: unknown, b: unknown): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA !== kindB) {
    const wholes = (kindA === "int" && kindB === "uint") || (kindA === "uint" && kindB === "int");
    if (wholes) return plain(a) === plain(b);
    if ((a ?? undefined) !== undefined && (b ?? undefined) !== undefined) incompatible(a, b);
    return false;
  }
  return kindA === undefined ? equalOther(a, b) : plain(a) === plain(b);
}

/** Values that are neither numbers nor strings nor booleans. */
function equalOther(a: unknown, b: unknown): boolean {
  const untyped = (a ?? undefined) === undefined || (b ?? undefined) === undefined;
  if (!untyped && kindOf(a) !== kindOf(b)) {
    throw new Error(sprintf("non-comparable types %s: %v, %s: %v", a, typeName(a), typeName(b), b));
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (kindOf(b) === "ptr") return a === b;
  if (kindOf(b) === "struct" && b instanceof GoStruct && a instanceof GoStruct) return equalStructs(a, b);
  return notComparable(b);
}

function notComparable(value: unknown): never {
  throw new Error(sprintf("non-comparable type %s: %v", value, typeName(value)));
}

function equalStructs(a: GoStruct, b: GoStruct): boolean {
  const values = Object.values(b.fields);
  if (values.some((value) => ["slice", "map", "func"].includes(kindOf(value)))) notComparable(b);
  if (a.type.name !== b.type.name) return false;
  return Object.keys(b.fields).every((name) => equalPair(a.fields[name], b.fields[name]));
}

export function less(a: unknown, b: unknown): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA === undefined || kindB === undefined) throw new Error(badType);
  const wholes = (kindA === "int" && kindB === "uint") || (kindA === "uint" && kindB === "int");
  if (kindA !== kindB && !wholes) incompatible(a, b);
  if (kindA === "bool") throw new Error(badType);
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === "string" && typeof right === "string") return compareStrings(left, right) < 0;
  return (left as number | bigint) < (right as number | bigint);
}

export function lessOrEqual(a: unknown, b: unknown): boolean {
  return less(a, b) || equal(a, b);
}
