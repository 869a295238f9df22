import { goText, goTypeOf } from "../object/go-text.ts";
import { getOwn, isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { Schema, SchemaLibrary } from "../schema/schema.ts";
import {
  DELETE_FROM_LIST,
  deleteFromList,
  elementType,
  mergeList,
  noMergeKey,
  orderItems,
  partition,
} from "./strategic-list.ts";
import type { ListItems } from "./strategic-list.ts";
import { PatchError } from "./patch-error.ts";
import { isPatchObject, listField, mapField, rootShape } from "./patch-shape.ts";
import type { PatchShape } from "./patch-shape.ts";

/**
 * Applies a strategic merge patch: as a merge patch, but lists whose schema says so are joined by the key of their items, and directives (`$patch`,
 * `$setElementOrder/...`, `$deleteFromPrimitiveList/...`, `$retainKeys`) say what else to do. Neither argument is changed.
 */
export function applyStrategicMergePatch(
  object: JsonObject,
  patch: unknown,
  schema: Schema,
  library: SchemaLibrary,
): JsonObject {
  if (!isPatchObject(patch)) {
    throw new PatchError(
      "BadRequest",
      `json: cannot unmarshal ${patchKind(patch)} into Go value of type map[string]interface {}`,
    );
  }
  return mergeMap(object, patch, rootShape(library, schema, String(object["kind"] ?? "")));
}

function patchKind(patch: unknown): string {
  if (Array.isArray(patch)) return "array";
  return typeof patch === "boolean" ? "bool" : typeof patch;
}

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const SET_ORDER = "$setElementOrder";

export function mergeMap(original: JsonObject, patch: JsonObject, shape: PatchShape): JsonObject {
  const directive = getOwn(patch, DIRECTIVE);
  if (directive !== undefined) return followDirective(directive, patch);
  const merged: JsonObject = { ...original };
  const rest: JsonObject = { ...patch };
  retainKeys(merged, rest);
  orderLists(merged, rest, shape);
  for (const [key, value] of Object.entries(rest)) mergeMember(merged, key, value, shape);
  return merged;
}

function followDirective(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === "delete") return {};
  if (directive !== "replace") {
    throw new PatchError("InternalError", `unknown patch type: ${goVerbS(directive)} in map: ${goText(patch)}`);
  }
  const { [DIRECTIVE]: _, ...replacement } = patch;
  return replacement;
}

/** As `%s` writes what needn't be a string. */
function goVerbS(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "%!s(<nil>)";
  return typeof value === "object" ? goText(value) : `%!s(${goTypeOf(value)}=${goText(value)})`;
}

const BAD_RETAIN_KEYS = "invalid patch format of retainKeys";

/** Keeps only the keys of the list, which must name all that the patch sets. */
function retainKeys(merged: JsonObject, patch: JsonObject): void {
  const keys = getOwn(patch, RETAIN_KEYS);
  if (keys === undefined) return;
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(keys)) throw new PatchError("BadRequest", BAD_RETAIN_KEYS);
  const kept = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith(DELETE_FROM_LIST) || key.startsWith(SET_ORDER);
    if (value !== null && !isDirective && !kept.has(key)) throw new PatchError("BadRequest", BAD_RETAIN_KEYS);
  }
  for (const key of Object.keys(merged)) if (!kept.has(key)) delete merged[key];
}

const BAD_ORDER = "invalid patch format of setElementOrder list";

/** Merges the lists that have an order given, and takes them and their orders out of the patch. */
function orderLists(merged: JsonObject, patch: JsonObject, shape: PatchShape): void {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    delete patch[key];
    if (!Array.isArray(order)) throw badType([], order);
    if (!key.startsWith(`${SET_ORDER}/`)) throw new PatchError("BadRequest", BAD_ORDER);
    const name = key.slice(SET_ORDER.length + 1);
    const current = listMember(merged, name);
    const change = listMember(patch, name);
    const field = listField(shape, name);
    checkOrder(change ?? [], order, field.mergeKey);
    if (current === undefined && change === undefined) continue;
    const joined = joinLists(current, change, field);
    const items: ListItems = { mergeKey: field.mergeKey, isMap: elementType(current ?? [], change ?? []) === "map" };
    const { inList, others } = partition(joined, order, items);
    setOwn(merged, name, orderItems({ patched: inList, others, order, serverOrder: current ?? [] }, items));
    delete patch[name];
  }
}

function joinLists(
  current: readonly unknown[] | undefined,
  change: readonly unknown[] | undefined,
  field: { readonly shape: PatchShape; readonly strategy: string; readonly mergeKey: string },
): readonly unknown[] {
  if (change === undefined) return current ?? [];
  if (current === undefined) return cleanList(change);
  return field.strategy === "merge" ? mergeList(current, change, field.mergeKey, mergerOf(field.shape)) : change;
}

function mergerOf(shape: PatchShape) {
  return { typeName: shape.typeName, merge: (item: JsonObject, patch: JsonObject) => mergeMap(item, patch, shape) };
}

function listMember(object: JsonObject, name: string): readonly unknown[] | undefined {
  const value = getOwn(object, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw badType([], value);
  return value;
}

function badType(expected: unknown, actual: unknown): PatchError {
  const received = actual === null ? "%!s(<nil>)" : goTypeOf(actual);
  return new PatchError("InternalError", `expected a ${goTypeOf(expected)}, but received a ${received}`);
}

/** The items of the patch must come in the order that the list gives. */
function checkOrder(change: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (change.length === 0 || order.length === 0) return;
  const items = mergeKey === "" ? change : change.filter((item) => !isDeletion(item));
  let position = 0;
  let index = 0;
  while (position < items.length && index < order.length) {
    const item = items[position];
    if (isJsonObject(item) && Object.hasOwn(item, DIRECTIVE)) {
      position += 1;
      continue;
    }
    if (sameItem(item, order[index], mergeKey)) position += 1;
    index += 1;
  }
  if (position < items.length) {
    throw new PatchError(
      "InternalError",
      `The order in patch list:\n${goText(change)}\n doesn't match ${SET_ORDER} list:\n${goText(order)}\n`,
    );
  }
}

function isDeletion(item: unknown): boolean {
  if (!isJsonObject(item)) throw badType({}, item);
  return item[DIRECTIVE] === "delete";
}

function sameItem(left: unknown, right: unknown, mergeKey: string): boolean {
  if (mergeKey === "") return left === right;
  if (!isJsonObject(left)) throw badType({}, left);
  if (!isJsonObject(right)) throw badType({}, right);
  if (!Object.hasOwn(left, mergeKey)) throw noMergeKey(left, mergeKey);
  if (!Object.hasOwn(right, mergeKey)) throw noMergeKey(right, mergeKey);
  return left[mergeKey] === right[mergeKey];
}

function mergeMember(merged: JsonObject, patchKey: string, value: unknown, shape: PatchShape): void {
  const isDeletion = patchKey.startsWith(DELETE_FROM_LIST);
  if (isDeletion && !patchKey.startsWith(`${DELETE_FROM_LIST}/`)) {
    throw new PatchError("BadRequest", "invalid patch format of primitive list");
  }
  const key = isDeletion ? patchKey.slice(DELETE_FROM_LIST.length + 1) : patchKey;
  const current = getOwn(merged, key);
  if (value === null) {
    delete merged[key];
  } else if (current === undefined || goTypeOf(current) !== goTypeOf(value)) {
    if (!isDeletion) replaceMember(merged, key, value);
  } else if (isJsonObject(current) && isJsonObject(value)) {
    const field = mapField(shape, key);
    setOwn(merged, key, field.strategy === "replace" ? value : mergeMap(current, value, field.shape));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    const field = listField(shape, key);
    if (isDeletion) setOwn(merged, key, deleteFromList(current, value, field.mergeKey, mergerOf(field.shape)));
    else if (field.strategy === "merge")
      setOwn(merged, key, mergeList(current, value, field.mergeKey, mergerOf(field.shape)));
    else setOwn(merged, key, value);
  } else setOwn(merged, key, value);
}

function replaceMember(merged: JsonObject, key: string, value: unknown): void {
  const clean = withoutDirectives(withoutNulls(value));
  if (clean === undefined) delete merged[key];
  else setOwn(merged, key, clean);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) setOwn(kept, key, withoutNulls(member));
  return kept;
}

/** What is new has nothing that its directives could work on; undefined when the value is itself one. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return cleanList(value);
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const clean = withoutDirectives(member);
    if (clean !== undefined) setOwn(kept, key, clean);
  }
  return kept;
}

function cleanList(list: readonly unknown[]): unknown[] {
  return list.map(withoutDirectives).filter((item) => item !== undefined);
}
