import { compareBytes } from "../object/go-text.ts";
import { getOwn, isJsonObject } from "../object/json-value.ts";
import type { Schema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { keyElement, valueElement } from "./path-element.ts";
import type { Path, PathElement } from "./path-element.ts";

/** How a value merges, and with that who can own which part of it. A schema may allow several; the value decides. */
export type Atom = MapAtom | ListAtom | ScalarAtom;

export interface MapAtom {
  readonly kind: "map";
  readonly fields: Readonly<Record<string, SchemaRef>>;
  /** Of keys that are no field; undefined where only the fields are allowed. */
  readonly values: SchemaRef | undefined;
  /** One owner for all of it. */
  readonly atomic: boolean;
}

export interface ListAtom {
  readonly kind: "list";
  readonly items: SchemaRef;
  readonly listType: "atomic" | "set" | "map";
  readonly keys: readonly string[];
}

export interface ScalarAtom {
  readonly kind: "scalar";
  readonly scalar: "numeric" | "string" | "boolean" | "untyped";
}

interface Atoms {
  readonly map?: MapAtom;
  readonly scalar?: ScalarAtom;
  readonly list?: ListAtom;
}

/** The atom for the value; when the schema doesn't allow it, the one that a message should speak of. */
export function atomFor(library: SchemaLibrary, ref: SchemaRef, value: unknown): Atom {
  const atoms = atomsOf(library, ref);
  const fitting = fittingAtom(atoms, value);
  return fitting ?? atoms.map ?? atoms.scalar ?? atoms.list ?? UNTYPED;
}

function fittingAtom(atoms: Atoms, value: unknown): Atom | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return atoms.list;
  return typeof value === "object" ? atoms.map : atoms.scalar;
}

const UNTYPED: ScalarAtom = { kind: "scalar", scalar: "untyped" };
const ANY: Schema = { type: "any" };
const ANY_ATOMS: Atoms = {
  map: { kind: "map", fields: {}, values: ANY, atomic: false },
  scalar: UNTYPED,
  list: { kind: "list", items: ANY, listType: "atomic", keys: [] },
};

const ONE_ATOMS: Atoms = {
  map: { kind: "map", fields: {}, values: ANY, atomic: true },
  scalar: UNTYPED,
  list: { kind: "list", items: ANY, listType: "atomic", keys: [] },
};

/** By the place that refers to a schema, too, which is found without a look into the library. */
const known = new WeakMap<SchemaRef, Atoms>();

function atomsOf(library: SchemaLibrary, ref: SchemaRef): Atoms {
  const atoms = known.get(ref);
  if (atoms !== undefined) return atoms;
  const schema = library.resolve(ref);
  // Two references to one schema have the same atoms, by which they are known to be the same.
  const made = known.get(schema) ?? buildAtoms(schema);
  known.set(schema, made);
  known.set(ref, made);
  return made;
}

function buildAtoms(schema: Schema): Atoms {
  switch (schema.type) {
    case "object":
      return {
        map: {
          kind: "map",
          fields: schema.fields,
          values: schema.open === true ? ANY : undefined,
          atomic: schema.atomic ?? false,
        },
      };
    case "map":
      return { map: { kind: "map", fields: {}, values: schema.values, atomic: schema.atomic ?? false } };
    case "list":
      return {
        list: {
          kind: "list",
          items: schema.items,
          listType: schema.listType,
          keys: [...(schema.listKeys ?? [])].sort(compareBytes),
        },
      };
    case "any":
      return schema.atomic === true ? ONE_ATOMS : ANY_ATOMS;
    case "boolean":
      return { scalar: { kind: "scalar", scalar: "boolean" } };
    case "integer":
    case "number":
      return { scalar: { kind: "scalar", scalar: "numeric" } };
    case "string":
      return stringAtoms(schema.format);
    default:
      return ANY_ATOMS;
  }
}

/** Formats are not checked here; quantities and the like are published as either text or number, which allows anything. */
function stringAtoms(format: string | undefined): Atoms {
  if (format === undefined || format === "byte") return { scalar: { kind: "scalar", scalar: "string" } };
  return format === "int-or-string" || format === "quantity" ? ANY_ATOMS : { scalar: UNTYPED };
}

/** The schema of what a key of the map holds. */
export function memberSchema(atom: MapAtom, key: string): SchemaRef | undefined {
  return Object.hasOwn(atom.fields, key) ? atom.fields[key] : atom.values;
}

/** The step to an item of a list with keys or of a set, or what is wrong with the item. */
export function itemElement(library: SchemaLibrary, list: ListAtom, item: unknown): ItemElement {
  if (list.listType === "atomic") return { problem: "invalid indexing of non-associative list" };
  return list.listType === "map" ? keyedElement(library, list, item) : setElement(item);
}

export type ItemElement = { readonly element: PathElement } | { readonly problem: string };

function setElement(item: unknown): ItemElement {
  if (item === null) return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: "not supported: associative list with lists as elements" };
  if (typeof item === "object") return { problem: "associative list without keys has an element that's a map type" };
  return { element: valueElement(item) };
}

function keyedElement(library: SchemaLibrary, list: ListAtom, item: unknown): ItemElement {
  if (item === null || item === undefined) return { problem: "associative list with keys may not have a null element" };
  if (!isJsonObject(item)) return { problem: "associative list with keys may not have non-map elements" };
  const keys: [string, unknown][] = [];
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? getOwn(item, key) : keyDefault(library, list, key);
    if (value !== undefined) keys.push([key, value]);
  }
  if (keys.length === 0) {
    const names = list.keys.map((key) => JSON.stringify(key)).join(" ");
    return {
      problem: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    };
  }
  return { element: keyElement(keys) };
}

function keyDefault(library: SchemaLibrary, list: ListAtom, key: string): unknown {
  const items = library.resolve(list.items);
  if (items.type !== "object" || !Object.hasOwn(items.fields, key)) return undefined;
  const field = items.fields[key];
  return field === undefined ? undefined : (library.resolve(field).default ?? undefined);
}

/** A growing path and what was found wrong on the way. */
export interface Walk {
  readonly library: SchemaLibrary;
  readonly path: PathElement[];
  readonly problems: { readonly path: Path; readonly message: string }[];
}

export function startWalk(library: SchemaLibrary): Walk {
  return { library, path: [], problems: [] };
}

export function report(walk: Walk, message: string): void {
  walk.problems.push({ path: [...walk.path], message });
}

export function below(walk: Walk, element: PathElement, visit: () => void): void {
  walk.path.push(element);
  visit();
  walk.path.pop();
}
