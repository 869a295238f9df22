import { compareBytes } from "../object/go-text.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { ListSchema, ObjectSchema, Schema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { fieldElement, isPlain, jsonText } from "./path-element.ts";
import type { Path, PathElement } from "./path-element.ts";
import { sortFew } from "./sort-few.ts";

/** How a value merges, and with that who can own which part of it. A schema may allow several; the value decides. */
export type Atom = MapAtom | ListAtom | ScalarAtom;

export interface MapAtom {
  readonly kind: "map";
  /** By name. */
  readonly fields: ReadonlyMap<string, Member>;
  /** Of keys that are no field; undefined where only the fields are allowed. */
  readonly values: SchemaRef | undefined;
  /** One owner for all of it. */
  readonly atomic: boolean;
}

/** A field, or a key that is none. */
export interface Member {
  readonly key: string;
  readonly element: PathElement;
  /** The step as it stands in a JSON text of fields, behind a comma. */
  readonly label: string;
  readonly schema: SchemaRef;
  /** Among the fields of its type, in the order of the steps to them. */
  readonly place: number | undefined;
}

export interface ListAtom {
  readonly kind: "list";
  readonly items: SchemaRef;
  readonly listType: "atomic" | "set" | "map";
  readonly keys: readonly ListKey[];
}

export interface ListKey {
  readonly name: string;
  /** What stands before its value in the steps to items, where it is their first key. */
  readonly first: string;
  /** Where it follows another. */
  readonly next: string;
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

const NO_FIELDS: MapAtom["fields"] = new Map();
const UNTYPED: ScalarAtom = { kind: "scalar", scalar: "untyped" };
const ANY: Schema = { type: "any" };
const ANY_ATOMS: Atoms = {
  map: { kind: "map", fields: NO_FIELDS, values: ANY, atomic: false },
  scalar: UNTYPED,
  list: { kind: "list", items: ANY, listType: "atomic", keys: [] },
};

const ONE_ATOMS: Atoms = {
  map: { kind: "map", fields: NO_FIELDS, values: ANY, atomic: true },
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
          fields: fieldsOf(schema),
          values: schema.open === true ? ANY : undefined,
          atomic: schema.atomic ?? false,
        },
      };
    case "map":
      return { map: { kind: "map", fields: NO_FIELDS, values: schema.values, atomic: schema.atomic ?? false } };
    case "list":
      return {
        list: {
          kind: "list",
          items: schema.items,
          listType: schema.listType,
          keys: keysOf(schema),
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

function fieldsOf({ fields }: ObjectSchema): MapAtom["fields"] {
  const inOrder = Object.entries(fields).sort(([left], [right]) => compareBytes(left, right));
  return new Map(inOrder.map(([key, schema], place) => [key, memberOf(key, schema, place)]));
}

function memberOf(key: string, schema: SchemaRef, place?: number): Member {
  const element = fieldElement(key);
  return { key, element, label: labelOf(element), schema, place };
}

export function labelOf(element: PathElement): string {
  return isPlain(element) ? `,"${element}":` : `,${JSON.stringify(element)}:`;
}

function keysOf({ listKeys = [] }: ListSchema): readonly ListKey[] {
  return [...listKeys].sort(compareBytes).map((name) => {
    const text = `${jsonText(name)}:`;
    return { name, first: `k:{${text}`, next: `,${text}` };
  });
}

/** Formats are not checked here; quantities and the like are published as either text or number, which allows anything. */
function stringAtoms(format: string | undefined): Atoms {
  if (format === undefined || format === "byte") return { scalar: { kind: "scalar", scalar: "string" } };
  return format === "int-or-string" || format === "quantity" ? ANY_ATOMS : { scalar: UNTYPED };
}

/** The schema of what a key of the map holds. */
export function memberSchema({ fields, values }: MapAtom, key: string): SchemaRef | undefined {
  return fields.get(key)?.schema ?? values;
}

/** What the value has, in the order of the steps to it. */
export function membersInOrder({ fields, values = ANY }: MapAtom, value: JsonObject): readonly Member[] {
  const keys = Object.keys(value);
  const members: Member[] = [];
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? "";
    members.push(fields.get(key) ?? memberOf(key, values));
  }
  return sortFew(members, compareMembers);
}

function compareMembers(left: Member, right: Member): number {
  if (left.place !== undefined && right.place !== undefined) return left.place - right.place;
  return compareBytes(left.key, right.key);
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
