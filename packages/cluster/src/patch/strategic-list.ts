import { goText, goTypeOf } from "../object/go-text.ts";
import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { PatchError } from "./patch-error.ts";

/** Lists in strategic merge patches: of objects, joined by a key, or of scalars, joined as sets. */
export const DELETE_FROM_LIST = "$deleteFromPrimitiveList";

export interface ListItems {
  /** Empty for scalars. */
  readonly mergeKey: string;
  readonly isMap: boolean;
}

interface ItemMerger {
  /** What Go calls the kind of the items. */
  readonly typeName: string;
  readonly merge: (item: JsonObject, patch: JsonObject) => JsonObject;
}

export function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  merger: ItemMerger,
): readonly unknown[] {
  if (current.length === 0 && patch.length === 0) return current;
  const isMap = elementType(current, patch) === "map";
  const items: ListItems = { mergeKey, isMap };
  if (!isMap) {
    const joined = [...new Set([...current, ...patch])];
    return inOrder(joined, patch, current, items);
  }
  if (mergeKey === "")
    throw new PatchError("InternalError", `cannot merge lists without merge key for ${merger.typeName}`);
  const { kept, changes } = followItemDirectives(current, patch, mergeKey);
  return inOrder(mergeItems(kept, changes, mergeKey, merger), changes, kept, items);
}

export function deleteFromList(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  merger: ItemMerger,
): readonly unknown[] {
  if (current.length === 0 && patch.length === 0) return current;
  if (elementType(current, patch) === "map") return mergeList(current, patch, mergeKey, merger);
  const gone = new Set(patch);
  return current.filter((item) => !gone.has(item));
}

/** What all items are. Lists in lists and mixtures are refused. */
export function elementType(...lists: readonly (readonly unknown[])[]): "map" | "scalar" {
  let type: string | undefined;
  for (const item of lists.flat()) {
    const own = goTypeOf(item);
    if (type === undefined && Array.isArray(item)) throw new PatchError("Invalid", "lists of lists are not supported");
    type ??= own;
    if (own !== type) {
      throw new PatchError("InternalError", `list element types are not identical: ${goText(lists)}`);
    }
  }
  if (type === undefined) throw new PatchError("InternalError", "no elements in any of the given slices");
  return type === "map[string]interface {}" ? "map" : "scalar";
}

export function noMergeKey(item: unknown, mergeKey: string): PatchError {
  return new PatchError("InternalError", `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

interface Changes {
  readonly kept: readonly unknown[];
  readonly changes: readonly JsonObject[];
}

function followItemDirectives(current: readonly unknown[], patch: readonly unknown[], mergeKey: string): Changes {
  let kept = current;
  let isReplaced = false;
  const changes: JsonObject[] = [];
  for (const item of patch as readonly JsonObject[]) {
    const directive = item["$patch"];
    if (!Object.hasOwn(item, "$patch")) changes.push(item);
    else if (directive === "delete") {
      if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
      kept = kept.filter((own) => !hasKey(own, mergeKey, item[mergeKey]));
    } else if (directive === "replace") isReplaced = true;
    else if (directive === "merge") {
      throw new PatchError("InternalError", "merging lists cannot yet be specified in the patch");
    } else throw new PatchError("InternalError", `unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  return isReplaced ? { kept: changes, changes: [] } : { kept, changes };
}

function hasKey(item: unknown, mergeKey: string, value: unknown): boolean {
  return isJsonObject(item) && Object.hasOwn(item, mergeKey) && item[mergeKey] === value;
}

function mergeItems(
  kept: readonly unknown[],
  changes: readonly JsonObject[],
  mergeKey: string,
  merger: ItemMerger,
): unknown[] {
  const merged = [...kept];
  for (const change of changes) {
    if (!Object.hasOwn(change, mergeKey)) throw noMergeKey(change, mergeKey);
    const index = merged.findIndex((item) => hasKey(item, mergeKey, change[mergeKey]));
    if (index < 0) merged.push(change);
    else merged[index] = merger.merge(merged[index] as JsonObject, change);
  }
  return merged;
}

function inOrder(
  merged: readonly unknown[],
  patch: readonly unknown[],
  serverOrder: readonly unknown[],
  items: ListItems,
): unknown[] {
  const { inList, others } = partition(merged, patch, items);
  return orderItems({ patched: inList, others, order: patch, serverOrder }, items);
}

interface Partition {
  readonly inList: unknown[];
  readonly others: unknown[];
}

/** Which of the items the list names. */
export function partition(merged: readonly unknown[], list: readonly unknown[], { mergeKey }: ListItems): Partition {
  const result: Partition = { inList: [], others: [] };
  for (const item of merged) {
    let isNamed: boolean;
    if (mergeKey === "") isNamed = list.includes(item);
    else {
      if (!isJsonObject(item)) throw notMap(item);
      if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
      isNamed = list.some((named) => hasKey(named, mergeKey, item[mergeKey]));
    }
    (isNamed ? result.inList : result.others).push(item);
  }
  return result;
}

function notMap(item: unknown): PatchError {
  return new PatchError("InternalError", `expected a map[string]interface {}, but received a ${goTypeOf(item)}`);
}

interface Ordering {
  /** What the patch names, to be sorted as it says. */
  readonly patched: readonly unknown[];
  /** What only the server has, in its order. */
  readonly others: readonly unknown[];
  readonly order: readonly unknown[];
  readonly serverOrder: readonly unknown[];
}

/** The order of the patch counts most; what only the server has stays before what followed it there. */
export function orderItems(ordering: Ordering, items: ListItems): unknown[] {
  const patched = sortBy(ordering.patched, ordering.order, items);
  const others = sortBy(ordering.others, ordering.serverOrder, items);
  const ranks = rankBy(ordering.serverOrder, items);
  const all: unknown[] = [];
  let next = 0;
  for (const item of others) {
    const rank = ranks.get(identity(item, items)) ?? -1;
    while (next < patched.length) {
      const patchedRank = ranks.get(identity(patched[next], items)) ?? -1;
      if (rank >= 0 && patchedRank >= 0 && rank < patchedRank) break;
      all.push(patched[next]);
      next += 1;
    }
    all.push(item);
  }
  return [...all, ...patched.slice(next)];
}

function identity(item: unknown, { mergeKey, isMap }: ListItems): unknown {
  return isMap ? (isJsonObject(item) ? item[mergeKey] : undefined) : item;
}

function rankBy(order: readonly unknown[], items: ListItems): Map<unknown, number> {
  const ranks = new Map<unknown, number>();
  for (const [index, item] of order.entries()) {
    const key = identity(item, items);
    if (!ranks.has(key)) ranks.set(key, index);
  }
  return ranks;
}

function sortBy(list: readonly unknown[], order: readonly unknown[], items: ListItems): unknown[] {
  if (items.isMap) {
    for (const item of [...list, ...order]) {
      if (!isJsonObject(item)) throw notMap(item);
      if (!Object.hasOwn(item, items.mergeKey)) throw noMergeKey(item, items.mergeKey);
    }
  }
  const ranks = rankBy(order, items);
  const rankOf = (item: unknown): number => ranks.get(identity(item, items)) ?? -1;
  return [...list].sort((left, right) => rankOf(left) - rankOf(right));
}
