import { getOwn, isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, membersInOrder } from "./atom.ts";
import type { ListAtom, MapAtom } from "./atom.ts";
import { compareValues } from "./compare-values.ts";
import { union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { encodeFields, LEAF } from "./fields-v1.ts";
import { itemsInOrder } from "./list-items.ts";
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
  return new CreationWalk(library).changed(schema, [empty, next], not);
}

/** A tree of fields; undefined when nothing is owned, {} when it is a leaf. */
type Tree = JsonObject | undefined;

type Sides = readonly [left: unknown, right: unknown];

class CreationWalk {
  readonly #library: SchemaLibrary;

  constructor(library: SchemaLibrary) {
    this.#library = library;
  }

  /** Something else was there before; what of it has changed? */
  changed(schema: SchemaRef, [left, right]: Sides, not: NotOwned): Tree {
    const atom = atomFor(this.#library, schema, right);
    if (atom === atomFor(this.#library, schema, left)) {
      if (atom.kind === "map" && isJsonObject(left) && isJsonObject(right) && !atom.atomic)
        return this.#membersChanged(atom, left, right, not);
      if (atom.kind === "list" && left === null && Array.isArray(right)) {
        const tree: JsonObject = {};
        if (this.#addItems(tree, atom, right, not)) return tree;
      }
      if (atom.kind === "scalar" && typeof left === typeof right && typeof left !== "object") return LEAF;
    }
    const place = { type: "map", values: schema } as const;
    const { added, modified } = compareValues(this.#library, place, { it: left }, { it: right });
    const tree = encodeFields(union(added, modified))["f:it"];
    return isJsonObject(tree) ? tree : undefined;
  }

  #membersChanged(atom: MapAtom, left: JsonObject, right: JsonObject, not: NotOwned): Tree {
    const tree: JsonObject = {};
    let isEmpty = true;
    for (const { key, element, schema } of membersInOrder(atom, right)) {
      const before = getOwn(left, key);
      const after = right[key];
      if (after === undefined || before === after || not.whole?.members.has(element)) continue;
      const inner = inside(not, element);
      const below =
        before === undefined ? this.#added(schema, after, inner) : this.changed(schema, [before, after], inner);
      const owned = without(not, element, below);
      if (owned === undefined) continue;
      tree[element] = owned;
      isEmpty = false;
    }
    return isEmpty ? undefined : tree;
  }

  /** Nothing was there before, so that the place itself is owned too. */
  #added(schema: SchemaRef, value: unknown, not: NotOwned): JsonObject {
    if (typeof value !== "object" || value === null) return LEAF;
    const atom = atomFor(this.#library, schema, value);
    const tree: JsonObject = { ".": LEAF };
    const hasParts = Array.isArray(value)
      ? atom.kind === "list" && this.#addItems(tree, atom, value, not)
      : atom.kind === "map" && isJsonObject(value) && this.#addMembers(tree, atom, value, not);
    return hasParts ? tree : LEAF;
  }

  #addMembers(tree: JsonObject, atom: MapAtom, value: JsonObject, not: NotOwned): boolean {
    if (atom.atomic) return false;
    let isChanged = false;
    for (const { key, element, schema } of membersInOrder(atom, value)) {
      const member = value[key];
      if (member === undefined) continue;
      const owned = without(not, element, this.#added(schema, member, inside(not, element)));
      if (owned === undefined) continue;
      tree[element] = owned;
      isChanged = true;
    }
    return isChanged;
  }

  #addItems(tree: JsonObject, atom: ListAtom, values: readonly unknown[], not: NotOwned): boolean {
    if (atom.listType === "atomic") return false;
    let isChanged = false;
    for (const { element, value, isRepeated } of itemsInOrder(this.#library, atom, values)) {
      // Items that come more than once have no parts: they are one leaf together.
      const below = isRepeated ? LEAF : this.#added(atom.items, value, inside(not, element));
      const owned = without(not, element, below);
      if (owned === undefined) continue;
      tree[element] = owned;
      isChanged = true;
    }
    return isChanged;
  }
}

const ALL_OWNED: NotOwned = { whole: undefined, alone: undefined };

function inside({ whole, alone }: NotOwned, element: PathElement): NotOwned {
  const wholeBelow = whole?.children.get(element);
  const aloneBelow = alone?.children.get(element);
  if (wholeBelow === undefined && aloneBelow === undefined) return ALL_OWNED;
  return { whole: wholeBelow, alone: aloneBelow };
}

/** What is left of what is below the element. */
function without({ whole, alone }: NotOwned, element: PathElement, tree: Tree): Tree {
  if (tree === undefined || whole?.members.has(element)) return undefined;
  if (!alone?.members.has(element)) return tree;
  const { ".": _, ...rest } = tree;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
