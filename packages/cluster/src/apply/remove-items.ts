import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, memberSchema } from "./atom.ts";
import type { ListAtom, MapAtom } from "./atom.ts";
import { EMPTY_SET, FieldSet } from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** The value without the fields and items of the set. What becomes empty is null; lists and maps with one owner go as a whole. */
export function removeItems(library: SchemaLibrary, schema: SchemaRef, value: unknown, items: FieldSet): unknown {
  const atom = atomFor(library, schema, value);
  switch (atom.kind) {
    case "scalar":
      return value;
    case "list":
      return removeFromList(library, atom, value, items);
    default:
      return removeFromMap(library, atom, value, items);
  }
}

function removeFromList(library: SchemaLibrary, atom: ListAtom, value: unknown, items: FieldSet): unknown {
  if (!Array.isArray(value) || atom.listType === "atomic") return null;
  const kept: unknown[] = [];
  for (const item of value) {
    const found = itemElement(library, atom, item);
    const element = "element" in found ? found.element : "";
    if (items.members.has(element)) continue;
    kept.push(removeBelow(library, atom.items, item, below(items, element)));
  }
  return kept.length > 0 ? kept : null;
}

function removeFromMap(library: SchemaLibrary, atom: MapAtom, value: unknown, items: FieldSet): unknown {
  if (!isJsonObject(value) || atom.atomic) return null;
  const kept: JsonObject = {};
  let isEmpty = true;
  for (const [key, member] of Object.entries(value)) {
    const element = fieldElement(key);
    if (items.members.has(element)) continue;
    setOwn(kept, key, removeBelow(library, memberSchema(atom, key) ?? { type: "any" }, member, below(items, element)));
    isEmpty = false;
  }
  return isEmpty ? null : kept;
}

function removeBelow(library: SchemaLibrary, schema: SchemaRef, value: unknown, items: FieldSet): unknown {
  return items.isEmpty ? value : removeItems(library, schema, value, items);
}

function below(items: FieldSet, element: PathElement): FieldSet {
  return items.children.get(element) ?? EMPTY_SET;
}

/** The set with the named fields on the way to its members; keys of maps and items of lists are not added. */
export function withNamedFields(library: SchemaLibrary, schema: SchemaRef | undefined, set: FieldSet): FieldSet {
  const resolved = schema === undefined ? undefined : library.resolve(schema);
  const members = new Set(set.members);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    let next: SchemaRef | undefined;
    if (name !== undefined && resolved?.type === "object") {
      if (Object.hasOwn(resolved.fields, name)) {
        members.add(element);
        next = resolved.fields[name];
      } else if (resolved.open === true) next = { type: "any" };
    } else if (name !== undefined && resolved?.type === "map") next = resolved.values;
    else if (element.startsWith("k:") && resolved?.type === "list") next = resolved.items;
    children.set(element, withNamedFields(library, next, child));
  }
  return new FieldSet({ members, children });
}
