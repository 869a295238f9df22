import { getOwn, isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, itemElement, memberSchema } from "./atom.ts";
import type { ListAtom, MapAtom } from "./atom.ts";
import { compareValues } from "./compare-values.ts";
import { sorted, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { encodeFields } from "./fields-v1.ts";
import { fieldsInOrder } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** What the creator of an object does not own of it. */
export interface NotOwned {
  /** With all that is below them. */
  readonly whole: FieldSet | undefined;
  /** They alone, not what is below them. */
  readonly alone: FieldSet | undefined;
}

export interface Creation {
  /** What every object of the kind is before anything is written into it. */
  readonly empty: JsonObject;
  readonly next: JsonObject;
}

/**
 * What the creator of an object owns, as `managedFields` shows it: all that differs from the empty object. A comparison says the same, but also
 * asks what others lose, and here there are no others. Undefined when nothing is owned.
 */
export function creationFields(
  library: SchemaLibrary,
  schema: SchemaRef,
  { empty, next }: Creation,
  not: NotOwned,
): JsonObject | undefined {
  return changed(library, schema, [empty, next], not);
}

/** A tree of fields; undefined when nothing is owned, {} when it is a leaf. */
type Tree = JsonObject | undefined;

/** Nothing was there before, so that the place itself is owned too. */
function added(library: SchemaLibrary, schema: SchemaRef, value: unknown, not: NotOwned): JsonObject {
  const atom = atomFor(library, schema, value);
  if (atom.kind === "scalar") return {};
  const below =
    atom.kind === "list"
      ? itemsAdded(library, atom, value, { tree: { ".": {} }, not })
      : membersChanged(library, atom, [NOTHING, value], { tree: { ".": {} }, not });
  return below ?? {};
}

/** Something else was there before; what of it has changed? */
function changed(library: SchemaLibrary, schema: SchemaRef, [left, right]: Sides, not: NotOwned): Tree {
  const atom = atomFor(library, schema, right);
  if (atom === atomFor(library, schema, left)) {
    if (atom.kind === "map" && isJsonObject(left) && isJsonObject(right) && !atom.atomic)
      return membersChanged(library, atom, [left, right], { tree: {}, not });
    if (atom.kind === "list" && left === null) {
      const below = itemsAdded(library, atom, right, { tree: {}, not });
      if (below) return below;
    }
    if (atom.kind === "scalar" && typeof left === typeof right && typeof left !== "object") return {};
  }
  const place = { type: "map", values: schema } as const;
  const { added: more, modified } = compareValues(library, place, { it: left }, { it: right });
  const tree = encodeFields(union(more, modified))["f:it"];
  return isJsonObject(tree) ? tree : undefined;
}

type Sides = readonly [left: unknown, right: unknown];

const NOTHING: JsonObject = {};

interface Growing {
  readonly tree: JsonObject;
  readonly not: NotOwned;
}

/** The tree with what is below it; undefined when there is nothing below it. */
function itemsAdded(library: SchemaLibrary, atom: ListAtom, items: unknown, { tree, not }: Growing): Tree {
  if (atom.listType === "atomic" || !Array.isArray(items)) return undefined;
  const byElement = new Map<PathElement, unknown>();
  let repeated: Set<PathElement> | undefined;
  for (const item of items) {
    const found = itemElement(library, atom, item);
    if ("problem" in found) continue;
    if (byElement.has(found.element)) (repeated ??= new Set()).add(found.element);
    else byElement.set(found.element, item);
  }
  let isEmpty = true;
  for (const element of sorted(byElement.keys())) {
    // Items that come more than once have no parts: they are one leaf together.
    const isLeaf = repeated?.has(element) === true;
    const below = isLeaf ? {} : added(library, atom.items, byElement.get(element), inside(not, element));
    const left = without(not, element, below);
    if (left === undefined) continue;
    tree[element] = left;
    isEmpty = false;
  }
  return isEmpty ? undefined : tree;
}

function membersChanged(library: SchemaLibrary, atom: MapAtom, [left, right]: Sides, { tree, not }: Growing): Tree {
  if (atom.atomic || !isJsonObject(left) || !isJsonObject(right)) return undefined;
  let isEmpty = true;
  for (const element of fieldsInOrder(right)) {
    const key = element.slice(2);
    const after = right[key];
    const before = left === NOTHING ? undefined : getOwn(left, key);
    if (after === undefined || before === after || not.whole?.members.has(element)) continue;
    const schema = memberSchema(atom, key) ?? ANY;
    const inner = inside(not, element);
    const below =
      before === undefined ? added(library, schema, after, inner) : changed(library, schema, [before, after], inner);
    const owned = without(not, element, below);
    if (owned === undefined) continue;
    tree[element] = owned;
    isEmpty = false;
  }
  return isEmpty ? undefined : tree;
}

const ANY: SchemaRef = { type: "any" };
const ALL_OWNED: NotOwned = { whole: undefined, alone: undefined };

function inside({ whole, alone }: NotOwned, element: PathElement): NotOwned {
  if (whole === undefined && alone === undefined) return ALL_OWNED;
  return { whole: whole?.children.get(element), alone: alone?.children.get(element) };
}

/** What is left of what is below the element. */
function without({ whole, alone }: NotOwned, element: PathElement, tree: Tree): Tree {
  if (tree === undefined || whole?.members.has(element)) return undefined;
  if (!alone?.members.has(element)) return tree;
  const { ".": _, ...rest } = tree;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
