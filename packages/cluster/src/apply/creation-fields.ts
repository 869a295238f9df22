import { getOwn, isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, membersInOrder } from "./atom.ts";
import type { ListAtom, MapAtom } from "./atom.ts";
import { compareValues } from "./compare-values.ts";
import { union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { encodeFields } from "./fields-v1.ts";
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
 * asks what others lose, and here there are no others. It is the text that will be stored: mostly nobody reads it before. Undefined when
 * nothing is owned.
 */
export function creationFields(
  library: SchemaLibrary,
  schema: SchemaRef,
  { empty, next }: Creation,
  not: NotOwned,
): string | undefined {
  const tree = new CreationWalk(library).changed(schema, [empty, next], not);
  return tree === NOTHING ? undefined : tree;
}

/** The JSON text of a tree of fields. */
type Tree = string;

const NOTHING: Tree = "";
const LEAF: Tree = "{}";

/** How a tree begins whose place is owned itself, and one whose place isn't. */
const WITH_ITSELF = '{".":{}';
const WITHOUT_ITSELF = "{";

type Sides = readonly [left: unknown, right: unknown];

class CreationWalk {
  readonly #library: SchemaLibrary;

  constructor(library: SchemaLibrary) {
    this.#library = library;
  }

  /** Something else was there before; what of it has changed? */
  changed(schema: SchemaRef, [left, right]: Sides, not: NotOwned | undefined): Tree {
    const atom = atomFor(this.#library, schema, right);
    if (atom === atomFor(this.#library, schema, left)) {
      if (atom.kind === "map" && isJsonObject(left) && isJsonObject(right) && !atom.atomic)
        return this.#changedMembers(atom, left, right, not);
      if (atom.kind === "list" && left === null && Array.isArray(right)) {
        const items = this.#items(atom, right, not, WITHOUT_ITSELF);
        if (items !== NOTHING) return items;
      }
      if (atom.kind === "scalar" && typeof left === typeof right && typeof left !== "object") return LEAF;
    }
    const place = { type: "map", values: schema } as const;
    const { added, modified } = compareValues(this.#library, place, { it: left }, { it: right });
    const tree = encodeFields(union(added, modified))["f:it"];
    return isJsonObject(tree) ? JSON.stringify(tree) : NOTHING;
  }

  #changedMembers(atom: MapAtom, left: JsonObject, right: JsonObject, not: NotOwned | undefined): Tree {
    let tree: Tree = WITHOUT_ITSELF;
    for (const { key, element, label, schema } of membersInOrder(atom, right)) {
      const before = getOwn(left, key);
      const after = right[key];
      if (after === undefined || before === after || not?.whole?.members.has(element)) continue;
      const isOwned = !not?.alone?.members.has(element);
      const inner = inside(not, element);
      const below =
        before === undefined
          ? this.#added(schema, after, inner, isOwned)
          : this.changed(schema, [before, after], inner);
      if (below !== NOTHING && (isOwned || below !== LEAF)) tree = joined(tree, label, below);
    }
    return closed(tree, WITHOUT_ITSELF);
  }

  /** Nothing was there before, so that the place itself is owned too, unless it is said that it isn't. */
  #added(schema: SchemaRef, value: unknown, not?: NotOwned, isOwned = true): Tree {
    const leaf = isOwned ? LEAF : NOTHING;
    if (typeof value !== "object" || value === null) return leaf;
    const parts = this.#parts(schema, value, not, isOwned ? WITH_ITSELF : WITHOUT_ITSELF);
    return parts === NOTHING ? leaf : parts;
  }

  #parts(schema: SchemaRef, value: object, not: NotOwned | undefined, head: string): Tree {
    const atom = atomFor(this.#library, schema, value);
    if (Array.isArray(value)) return atom.kind === "list" ? this.#items(atom, value, not, head) : NOTHING;
    return atom.kind === "map" && isJsonObject(value) ? this.#members(atom, value, not, head) : NOTHING;
  }

  #members(atom: MapAtom, value: JsonObject, not: NotOwned | undefined, head: string): Tree {
    if (atom.atomic) return NOTHING;
    let tree: Tree = head;
    const members = membersInOrder(atom, value);
    for (let index = 0; index < members.length; index++) {
      const member = members[index];
      const inner = member && value[member.key];
      if (member === undefined || inner === undefined) continue;
      const { element, label, schema } = member;
      const below = not === undefined ? this.#added(schema, inner) : this.#addedBut(schema, inner, not, element);
      if (below !== NOTHING) tree = joined(tree, label, below);
    }
    return closed(tree, head);
  }

  #addedBut(schema: SchemaRef, value: unknown, not: NotOwned, element: PathElement): Tree {
    if (not.whole?.members.has(element)) return NOTHING;
    return this.#added(schema, value, inside(not, element), !not.alone?.members.has(element));
  }

  #items(atom: ListAtom, values: readonly unknown[], not: NotOwned | undefined, head: string): Tree {
    if (atom.listType === "atomic") return NOTHING;
    let tree: Tree = head;
    for (const { element, label, value, isRepeated } of itemsInOrder(this.#library, atom, values)) {
      // Items that come more than once have no parts: they are one leaf together.
      const part = isRepeated ? undefined : value;
      const below = not === undefined ? this.#added(atom.items, part) : this.#addedBut(atom.items, part, not, element);
      if (below !== NOTHING) tree = joined(tree, label, below);
    }
    return closed(tree, head);
  }
}

/** Labels begin with a comma. */
function joined(tree: Tree, label: string, below: Tree): Tree {
  return tree + (tree === WITHOUT_ITSELF ? label.slice(1) : label) + below;
}

function closed(tree: Tree, head: string): Tree {
  return tree === head ? NOTHING : `${tree}}`;
}

function inside(not: NotOwned | undefined, element: PathElement): NotOwned | undefined {
  const whole = not?.whole?.children.get(element);
  const alone = not?.alone?.children.get(element);
  return whole === undefined && alone === undefined ? undefined : { whole, alone };
}
