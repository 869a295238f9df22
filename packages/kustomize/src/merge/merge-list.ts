import { getField, peekField, setField, setScalar } from "../node/fields.ts";
import { isEmptyMap, isMissingOrNull, makeNode, makeScalar } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { findElement, findScalar } from "../node/path.ts";
import { elementValues, setElement } from "./list-element.ts";

interface ListSides {
  readonly target: Node;
  readonly patch: Node | undefined;
}

type MergeElement = (sides: { target: Node | undefined; patch: Node | undefined }) => Node | undefined;

/** Merges lists whose elements are matched by keys, or by themselves when there are none. New elements come first. */
export function mergeElements(sides: ListSides, keys: readonly string[], merge: MergeElement): Node | undefined {
  const usedKeys = keys.length === 0 ? [""] : keys;
  let identities = keys.length === 0 ? scalarIdentities(sides) : keyedIdentities(sides, keys);
  if (usedKeys.length > 1) identities = unifyPartial(identities);
  const merged = makeNode("sequence");
  let lastKeys: readonly string[] = usedKeys;
  for (const identity of identities) {
    if (identity.length === 0) continue;
    const valid = usableKeys(identities, identity, usedKeys);
    lastKeys = valid.keys;
    const value = merge({
      target: elementOf(sides.target, valid.keys, valid.values),
      patch: elementOf(sides.patch, valid.keys, valid.values),
    });
    if (value === undefined || isEmptyMap(value)) {
      setElement(sides.target, undefined, valid.keys, valid.values);
      continue;
    }
    for (const [index, key] of valid.keys.entries()) completeKey(value, key, valid.values[index] ?? "");
    setElement(merged, value, valid.keys, valid.values);
  }
  const result = identities.length === 0 ? sides.target : appendAll(merged, sides.target, lastKeys);
  return isMissingOrNull(result) ? undefined : result;
}

function completeKey(element: Node, key: string, value: string): void {
  if (value === "" || peekField(element, key) !== undefined) return;
  if (key === "") setScalar(element, makeScalar(value));
  else setField(element, key, makeScalar(value));
}

function bothLists(sides: ListSides): Node[] {
  return sides.patch === undefined ? [sides.target] : [sides.patch, sides.target];
}

function keyedIdentities(sides: ListSides, keys: readonly string[]): string[][] {
  const seen = new Set<string>();
  const result: string[][] = [];
  for (const identity of bothLists(sides).flatMap((list) => elementValues(list, keys))) {
    const text = JSON.stringify(identity);
    if (seen.has(text)) continue;
    seen.add(text);
    result.push(identity);
  }
  return result;
}

function scalarIdentities(sides: ListSides): string[][] {
  const texts = new Set(bothLists(sides).flatMap((list) => list.content.map((item) => item.value)));
  return [...texts].map((text) => [text]);
}

/** Identities that agree in one key and differ in none are of the same element: the fuller one is taken for both. */
function unifyPartial(identities: string[][]): string[][] {
  const result = [...identities];
  for (let left = 0; left < result.length; left++) {
    for (let right = 0; right < result.length; right++) {
      const union = unify(result[left] ?? [], result[right] ?? []);
      if (union === undefined) continue;
      result[left] = union;
      result[right] = union;
    }
  }
  return result;
}

function unify(left: readonly string[], right: readonly string[]): string[] | undefined {
  if (left.length !== right.length) return undefined;
  let isShared = false;
  const union: string[] = [];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? "";
    if (value === other) isShared = true;
    else if (value !== "" && other !== "") return undefined;
    union.push(value === "" ? other : value);
  }
  return isShared ? union : undefined;
}

/** The keys that any of the elements has; all of them when none has any. */
function usableKeys(
  identities: readonly (readonly string[])[],
  identity: readonly string[],
  keys: readonly string[],
): { keys: readonly string[]; values: readonly string[] } {
  const isUsed = keys.map((_, index) => identities.some((values) => (values[index] ?? "") !== ""));
  if (!isUsed.includes(true)) return { keys, values: identity };
  return {
    keys: keys.filter((_, index) => isUsed[index]),
    values: identity.filter((_, index) => isUsed[index]),
  };
}

function elementOf(list: Node | undefined, keys: readonly string[], values: readonly string[]): Node | undefined {
  if (list?.kind !== "sequence") return undefined;
  const own = usableKeys([values], values, keys);
  if ((own.keys[0] ?? "") === "") return findScalar(list, own.values[0] ?? "");
  return findElement(list, own.keys, own.values);
}

function appendAll(list: Node, more: Node, keys: readonly string[]): Node {
  for (const item of more.content) {
    if (keys[0] === "") {
      setElement(list, item, [""], [item.value]);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = getField(item, key);
      if (value === undefined) list.content.push(item);
      else values.push(value.value);
    }
    if (keys.length > 1) setElement(list, undefined, keys, values);
    setElement(list, item, keys, values);
  }
  return list;
}
