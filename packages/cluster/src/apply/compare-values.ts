import { equalJson, getOwn, isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, below, memberSchema, report, startWalk } from "./atom.ts";
import type { Atom, ListAtom, MapAtom, ScalarAtom, Walk } from "./atom.ts";
import { FieldSet, recursiveDifference } from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";
import { scalarProblem } from "./typed-value.ts";

/** What changed between two values. No path is in more than one of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

interface CompareWalk extends Walk, Comparison {}

/** Both values must fit the schema, but for repeated items. */
export function compareValues(library: SchemaLibrary, schema: SchemaRef, left: unknown, right: unknown): Comparison {
  const walk: CompareWalk = {
    ...startWalk(library),
    removed: new FieldSet(),
    modified: new FieldSet(),
    added: new FieldSet(),
  };
  compare(walk, schema, left, right);
  return walk;
}

/** Leaves out fields that this kind of request can't change, with all that is below them. */
export function withoutFields(comparison: Comparison, ignored: FieldSet): Comparison {
  if (ignored.isEmpty) return comparison;
  return {
    removed: recursiveDifference(comparison.removed, ignored),
    modified: recursiveDifference(comparison.modified, ignored),
    added: recursiveDifference(comparison.added, ignored),
  };
}

/** `undefined` is absent; null is a value of its own. */
function compare(walk: CompareWalk, schema: SchemaRef, left: unknown, right: unknown): void {
  // Most changes leave most of an object alone.
  if (equalJson(left, right)) return;
  const leftAtom = atomFor(walk.library, schema, left);
  const rightAtom = atomFor(walk.library, schema, right);
  let isLeaf: boolean;
  if (right === undefined) isLeaf = compareBy(walk, leftAtom, left, right);
  else if (left === undefined || leftAtom === rightAtom) isLeaf = compareBy(walk, rightAtom, left, right);
  else {
    compareBy(walk, leftAtom, left, right);
    isLeaf = compareBy(walk, rightAtom, left, right);
  }
  if (isLeaf) return;
  if (left === undefined) walk.added.insert(walk.path);
  else if (right === undefined) walk.removed.insert(walk.path);
}

/** Whether the value is one leaf, which was then noted. */
function compareBy(walk: CompareWalk, atom: Atom, left: unknown, right: unknown): boolean {
  switch (atom.kind) {
    case "scalar":
      return compareScalars(walk, atom, left, right);
    case "list":
      return compareLists(walk, atom, left, right);
    default:
      return compareMaps(walk, atom, left, right);
  }
}

function noteLeaf(walk: CompareWalk, left: unknown, right: unknown): true {
  if (left === undefined) walk.added.insert(walk.path);
  else if (right === undefined) walk.removed.insert(walk.path);
  else walk.modified.insert(walk.path);
  return true;
}

function compareScalars(walk: CompareWalk, atom: ScalarAtom, left: unknown, right: unknown): boolean {
  const leftProblem = scalarProblem(atom, left);
  const rightProblem = scalarProblem(atom, right);
  if (leftProblem === undefined || rightProblem === undefined) return noteLeaf(walk, left, right);
  report(walk, rightProblem);
  return false;
}

function compareLists(walk: CompareWalk, atom: ListAtom, left: unknown, right: unknown): boolean {
  const leftItems: readonly unknown[] = Array.isArray(left) ? left : [];
  const rightItems: readonly unknown[] = Array.isArray(right) ? right : [];
  if (atom.listType === "atomic" || (leftItems.length === 0 && rightItems.length === 0)) {
    return noteLeaf(walk, left, right);
  }
  const leftByElement = groupItems(walk, atom, leftItems);
  const rightByElement = groupItems(walk, atom, rightItems);
  for (const [element, items] of leftByElement) {
    compareItems(walk, atom, element, { left: items, right: rightByElement.get(element) ?? [] });
  }
  for (const [element, items] of rightByElement) {
    if (!leftByElement.has(element)) compareItems(walk, atom, element, { left: [], right: items });
  }
  return false;
}

function groupItems(walk: CompareWalk, atom: ListAtom, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const item of items) {
    const found = itemElement(walk.library, atom, item);
    if ("problem" in found) {
      report(walk, found.problem);
      continue;
    }
    const group = groups.get(found.element);
    if (group === undefined) groups.set(found.element, [item]);
    else group.push(item);
  }
  return groups;
}

interface Sides {
  readonly left: readonly unknown[];
  readonly right: readonly unknown[];
}

/** Items that come more than once have no parts that could be compared: they are one leaf together. */
function compareItems(walk: CompareWalk, atom: ListAtom, element: PathElement, { left, right }: Sides): void {
  below(walk, element, () => {
    if (left.length <= 1 && right.length <= 1) {
      compare(walk, atom.items, left[0], right[0]);
    } else if (left.length >= 2 && right.length >= 2) {
      if (!equalJson(left, right)) walk.modified.insert(walk.path);
    } else if (left.length >= 2) {
      if (right.length > 0) compare(walk, atom.items, undefined, right[0]);
      walk.removed.insert(walk.path);
    } else {
      if (left.length > 0) compare(walk, atom.items, left[0], undefined);
      walk.added.insert(walk.path);
    }
  });
}

function compareMaps(walk: CompareWalk, atom: MapAtom, left: unknown, right: unknown): boolean {
  const leftMap = isJsonObject(left) ? left : NOTHING;
  const rightMap = isJsonObject(right) ? right : NOTHING;
  if (atom.atomic || (isEmpty(leftMap) && isEmpty(rightMap))) return noteLeaf(walk, left, right);
  for (const key of Object.keys(leftMap)) compareMember(walk, atom, key, [leftMap, rightMap]);
  for (const key of Object.keys(rightMap)) {
    if (!Object.hasOwn(leftMap, key)) compareMember(walk, atom, key, [leftMap, rightMap]);
  }
  return false;
}

const NOTHING: JsonObject = {};

function isEmpty(map: JsonObject): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return false;
  return true;
}

function compareMember(walk: CompareWalk, atom: MapAtom, key: string, [left, right]: [JsonObject, JsonObject]): void {
  const leftValue = getOwn(left, key);
  const rightValue = getOwn(right, key);
  if (leftValue === rightValue) return;
  const schema = memberSchema(atom, key) ?? { type: "any" };
  walk.path.push(fieldElement(key));
  compare(walk, schema, leftValue, rightValue);
  walk.path.pop();
}
