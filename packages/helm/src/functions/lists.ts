import { type GoFunction, GoNil, declaredType, defineFunction, sliceType, withType } from "@fairway/gotemplate";
import { toInt64 } from "./cast.ts";
import { deepEqual } from "./deep-equal.ts";
import { isEmpty } from "./empty.ts";
import { checkSliceBounds, divideByZero } from "./go-panic.ts";
import { requireList } from "./list-items.ts";

const anyList = "[]any";
const anyListType = sliceType("any");

const list = defineFunction(["...any"], anyList, (...items) => items);

const append = defineFunction(["any", "any"], anyList, (items, item) => [
  ...requireList(items, "Cannot push on type"),
  item,
]);
const prepend = defineFunction(["any", "any"], anyList, (items, item) => [
  item,
  ...requireList(items, "Cannot prepend on type"),
]);
const first = defineFunction(["any"], "any", (items) => requireList(items, "Cannot find first on type")[0] ?? null);
const last = defineFunction(["any"], "any", (items) => requireList(items, "Cannot find last on type").at(-1) ?? null);
const rest = defineFunction(["any"], anyList, (items) =>
  withoutOne(requireList(items, "Cannot find rest on type"), (all) => all.slice(1)),
);
const initial = defineFunction(["any"], anyList, (items) =>
  withoutOne(requireList(items, "Cannot find initial on type"), (all) => all.slice(0, -1)),
);
const reverse = defineFunction(["any"], anyList, (items) =>
  requireList(items, "Cannot find reverse on type").toReversed(),
);
const compact = defineFunction(["any"], anyList, (items) =>
  requireList(items, "Cannot compact on type").filter((item) => !isEmpty(item)),
);
const uniq = defineFunction(["any"], anyList, (items) => distinct(requireList(items, "Cannot find uniq on type")));
const without = defineFunction(["any", "...any"], anyList, (items, ...unwanted) =>
  requireList(items, "Cannot find without on type").filter((item) => !isIn(unwanted, item)),
);
const has = defineFunction(["any", "any"], "bool", (item, items) =>
  items === null ? false : isIn(requireList(items, "Cannot find has on type"), item),
);
const slice = defineFunction(["any", "...any"], "any", sliceOf);
const chunk = defineFunction(["int", "any"], "[][]any", chunksOf);

/** Each has a twin whose name starts with "must"; in a template both fail the same way. */
export const listFunctions: Readonly<Record<string, GoFunction>> = {
  list,
  tuple: list,
  append,
  push: append,
  prepend,
  first,
  last,
  rest,
  initial,
  reverse,
  compact,
  uniq,
  without,
  has,
  slice,
  chunk,
  mustAppend: append,
  mustPush: append,
  mustPrepend: prepend,
  mustFirst: first,
  mustLast: last,
  mustRest: rest,
  mustInitial: initial,
  mustReverse: reverse,
  mustCompact: compact,
  mustUniq: uniq,
  mustWithout: without,
  mustHas: has,
  mustSlice: slice,
  mustChunk: chunk,
  concat: defineFunction(["...any"], "any", concat),
};

/** What is left of an empty list is a nil one. */
function withoutOne(items: readonly unknown[], cut: (items: readonly unknown[]) => unknown[]): unknown[] | GoNil {
  return items.length === 0 ? new GoNil(anyListType) : cut(items);
}

function isIn(items: readonly unknown[], wanted: unknown): boolean {
  return items.some((item) => deepEqual(wanted, item));
}

function distinct(items: readonly unknown[]): unknown[] {
  const simple = new Set<unknown>();
  const found: unknown[] = [];
  for (const item of items) {
    // Only what is equal by itself can be looked up; NaN never is.
    const isSimple = typeof item === "string" || typeof item === "bigint" || typeof item === "boolean";
    if (isSimple ? simple.has(item) : isIn(found, item)) continue;
    if (isSimple) simple.add(item);
    found.push(item);
  }
  return found;
}

/** list[start:end]; the part has the type of the whole. */
function sliceOf(value: unknown, ...indices: readonly unknown[]): unknown {
  const items = requireList(value, "list should be type of slice or array but");
  if (items.length === 0) return null;
  const start = indices.length > 0 ? Number(toInt64(indices[0])) : 0;
  const end = indices.length > 1 ? Number(toInt64(indices[1])) : items.length;
  if (end < 0 || end > items.length || start < 0 || start > end)
    throw new Error("reflect.Value.Slice: slice index out of bounds");
  if (value instanceof Uint8Array) return value.subarray(start, end);
  const part = items.slice(start, end);
  const type = declaredType(value);
  return type === undefined ? part : withType(type, part);
}

function chunksOf(size: bigint, value: unknown): unknown[] {
  const items = requireList(value, "Cannot chunk type");
  const width = Number(size);
  const chunks: unknown[] = [];
  if (width === 0 && items.length > 0) throw divideByZero();
  if (width <= 0 && items.length > 0) checkSliceBounds(0, 0, width);
  for (let at = 0; at < items.length; at += width) chunks.push(items.slice(at, at + width));
  return withType(sliceType("[]any"), chunks);
}

function concat(...lists: readonly unknown[]): unknown[] | GoNil {
  const all = lists.flatMap((items) => [...requireConcatenable(items)]);
  return all.length === 0 ? new GoNil(anyListType) : all;
}

function requireConcatenable(items: unknown): readonly unknown[] {
  try {
    return requireList(items, "Cannot concat type");
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Cannot"))
      throw new Error(`${error.message} as list`, { cause: error });
    throw error;
  }
}
