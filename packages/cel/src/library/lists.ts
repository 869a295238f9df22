import { fails, noSuchOverload } from "../cel-error.ts";
import type { CallExpr, Expr } from "../ast.ts";
import type { Library } from "../declarations.ts";
import { binding, expandMacro, STANDARD_MACROS } from "../macros.ts";
import type { Macro, Refuse } from "../macros.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { compareOrdered, equalValues, isList, NONE, Optional, Uint } from "../value.ts";
import type { Duration, Value } from "../value.ts";
import { checkInt, checkUint } from "./arithmetic.ts";
import { checkDuration } from "./moments.ts";
import { compile } from "./standard.ts";

type List = readonly Value[];

function listOf(value: Value | undefined): List {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value;
}

function isSorted(value: Value | undefined): boolean {
  const list = listOf(value);
  return list.every((item, index) => index === 0 || compareOrdered(list[index - 1] ?? null, item) <= 0);
}

function extreme(value: Value | undefined, name: string, sign: number): Value {
  const list = listOf(value);
  const [first] = list;
  if (first === undefined) throw fails(`${name} called on empty list`);
  return list.reduce((best, item) => (compareOrdered(item, best) * sign > 0 ? item : best), first);
}

const SUMS: Readonly<Record<string, (list: List) => Value>> = {
  int: (list) => list.reduce<bigint>((sum, item) => checkInt(sum + (item as bigint)), 0n),
  uint: (list) => list.reduce<Uint>((sum, item) => checkUint(sum.value + (item as Uint).value), new Uint(0n)),
  double: (list) => list.reduce<number>((sum, item) => sum + (item as number), 0),
  duration: (list) => checkDuration(list.reduce<bigint>((sum, item) => sum + (item as Duration).nanoseconds, 0n)),
};

const ORDERED = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];

function indexOf(value: Value | undefined, item: Value | undefined): bigint {
  return BigInt(listOf(value).findIndex((member) => equalValues(member, item ?? null)));
}

function lastIndexOf(value: Value | undefined, item: Value | undefined): bigint {
  return BigInt(listOf(value).findLastIndex((member) => equalValues(member, item ?? null)));
}

/** Lists as Kubernetes extends them. */
export const LISTS: Library = {
  name: "kubernetes.lists",
  overloads: [
    ...ORDERED.flatMap((type) => [
      overload(`list(${type})::isSorted(): bool`, isSorted),
      overload(`list(${type})::max(): ${type}`, (list) => extreme(list, "max", 1)),
      overload(`list(${type})::min(): ${type}`, (list) => extreme(list, "min", -1)),
    ]),
    ...Object.entries(SUMS).map(([type, sum]) =>
      overload(`list(${type})::sum(): ${type}`, (list) => sum(listOf(list))),
    ),
    overload("list(A)::indexOf(A): int", indexOf),
    overload("list(A)::lastIndexOf(A): int", lastIndexOf),
  ],
};

function find(text: Value | undefined, pattern: Value | undefined): string {
  return compilePattern(pattern).find(text as string);
}

function findAll(text: Value | undefined, pattern: Value | undefined, limit = -1n): string[] {
  return compilePattern(pattern).findAll(text as string, Number(limit)) ?? [];
}

function compilePattern(pattern: Value | undefined): ReturnType<typeof compile> {
  try {
    return compile(pattern as string);
  } catch (error) {
    throw error instanceof Error ? fails(`Illegal regex: ${error.message}`) : error;
  }
}

export const PATTERNS: Library = {
  name: "kubernetes.regex",
  overloads: [
    overload("string::find(string): string", find),
    overload("string::findAll(string): list(string)", (text, pattern) => findAll(text, pattern)),
    overload("string::findAll(string, int): list(string)", (text, pattern, limit) =>
      findAll(text, pattern, limit as bigint),
    ),
  ],
};

function slice(list: Value | undefined, start: Value | undefined, end: Value | undefined): List {
  const items = listOf(list);
  const [from, to] = [Number(start), Number(end)];
  if (from < 0 || to < 0) throw fails(`cannot slice(${from}, ${to}), negative indexes not supported`);
  if (from > to) throw fails(`cannot slice(${from}, ${to}), start index must be less than or equal to end index`);
  if (to > items.length) throw fails(`cannot slice(${from}, ${to}), list is length ${items.length}`);
  return items.slice(from, to);
}

function flatten(list: Value | undefined, depth = 1n): List {
  if (depth < 0n) throw fails("level must be non-negative");
  return listOf(list).flatMap((item) => (isList(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function distinct(list: Value | undefined): List {
  const kept: Value[] = [];
  for (const item of listOf(list)) if (!kept.some((known) => equalValues(known, item))) kept.push(item);
  return kept;
}

function sortBy(list: Value | undefined, keys: Value | undefined): List {
  const order = listOf(keys);
  return listOf(list)
    .map((item, index) => ({ item, key: order[index] ?? null }))
    .sort((left, right) => compareOrdered(left.key, right.key))
    .map(({ item }) => item);
}

function range(count: Value | undefined): List {
  if (Number(count) > RANGE_MAX) throw fails(`cannot make a list of ${String(count)} numbers, at most ${RANGE_MAX}`);
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

/** A list costs memory before anybody counts its cost. */
const RANGE_MAX = 1_000_000;

function optionalItem(item: Value | undefined): Optional {
  return item === undefined ? NONE : new Optional(item);
}

const expandSortBy: Macro = (call: CallExpr, refuse: Refuse): Expr | undefined => {
  const { target, offset } = call;
  if (target === undefined) return undefined;
  const input: Expr = { kind: "ident", name: "@__sortBy_input__", offset };
  const keys = expandMacro(STANDARD_MACROS, { ...call, target: input, name: "map" }, refuse);
  const sorted: Expr = { kind: "call", target: input, name: "@sortByAssociatedKeys", args: [keys], offset };
  return binding(input.name, target, sorted, offset);
};

const SORTS: readonly Overload[] = ORDERED.flatMap((type) => [
  overload(`list(${type})::sort(): list(${type})`, (list) => sortBy(list, list)),
  overload(`list(A)::@sortByAssociatedKeys(list(${type})): list(A)`, sortBy),
]);

/** The lists of the language's own extension. */
export const LIST_EXTENSION: Library = {
  name: "lists",
  macros: new Map([[".sortBy:2", expandSortBy]]),
  overloads: [
    overload("list(A)::slice(int, int): list(A)", slice),
    overload("list(list(A))::flatten(): list(A)", (list) => flatten(list)),
    overload("list(dyn)::flatten(int): list(dyn)", (list, depth) => flatten(list, depth as bigint)),
    overload("list(A)::distinct(): list(A)", distinct),
    overload("list(A)::reverse(): list(A)", (list) => listOf(list).toReversed()),
    overload("lists.range(int): list(int)", range),
    overload("list(A)::first(): optional(A)", (list) => optionalItem(listOf(list)[0])),
    overload("list(A)::last(): optional(A)", (list) => optionalItem(listOf(list).at(-1))),
    ...SORTS,
  ],
};
