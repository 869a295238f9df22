import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { Schema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { EMPTY_SET, FieldSet, isLeaf } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";

/**
 * The set in terms of the schema of today: where a manager owned parts of something that has one owner now, it owns the whole. Gives the
 * same set back when nothing differs.
 */
export function reconcileWithSchema(library: SchemaLibrary, ref: SchemaRef, set: FieldSet): FieldSet {
  if (set.written !== undefined && isInTerms(library, ref, set.written)) return set;
  const schema = library.resolve(ref);
  let members: Set<PathElement> | undefined;
  let children: Map<PathElement, FieldSet> | undefined;
  for (const [element, child] of set.children) {
    const next = schemaBelow(schema, element);
    if (next === undefined || schema.type === "any") continue;
    const isWhole = isAtomic(library, next) && !child.isEmpty;
    const reconciled = isWhole ? EMPTY_SET : reconcileWithSchema(library, next, child);
    if (reconciled === child) continue;
    children ??= new Map(set.children);
    if (isWhole) {
      members ??= new Set(set.members);
      members.add(element);
      children.delete(element);
    } else children.set(element, reconciled);
  }
  return children === undefined ? set : new FieldSet({ members: members ?? set.members, children });
}

/** The same question of what is written, which needn't be read for it. */
function isInTerms(library: SchemaLibrary, ref: SchemaRef, tree: JsonObject): boolean {
  const schema = library.resolve(ref);
  if (schema.type === "any") return true;
  for (const element in tree) {
    const below = tree[element];
    if (element === "." || !isJsonObject(below) || isLeaf(below)) continue;
    const next = schemaBelow(schema, element);
    if (next !== undefined && (isAtomic(library, next) || !isInTerms(library, next, below))) return false;
  }
  return true;
}

function isAtomic(library: SchemaLibrary, ref: SchemaRef): boolean {
  const schema = library.resolve(ref);
  if (schema.type === "list") return schema.listType === "atomic";
  return (schema.type === "object" || schema.type === "map") && schema.atomic === true;
}

function schemaBelow(schema: Schema, element: PathElement): SchemaRef | undefined {
  if (schema.type === "list") return schema.items;
  if (!element.startsWith("f:")) return undefined;
  const name = element.slice(2);
  if (schema.type === "object") return Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
  return schema.type === "map" ? schema.values : undefined;
}
