import type { Kind } from "../kinds/index.ts";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import { groupsUnknownToCustomKinds, knownGroups, references } from "./data/published-facts.ts";
import { rootSchemas } from "./data/root-schemas.ts";
import { isCustom, metaSchema, schemaNameOf } from "./names.ts";
import { customDefinitions } from "./custom-schema.ts";
import { publishedDefinition, scalarDefinition, schemaPointer } from "./published-schema.ts";

/** The named schemas of the documents, as version 3 has them, made when they are first needed. */
export interface Definitions {
  readonly get: (name: string) => JsonObject;
}

type GroupVersion = Pick<Kind, "group" | "version">;

/** Options and events are in every group. */
const inEveryGroup = new Set([metaSchema("DeleteOptions"), metaSchema("WatchEvent")]);

export function builtInDefinitions(kinds: readonly Kind[], library: SchemaLibrary): Definitions {
  const packages = new Map(
    kinds
      .filter((kind) => !isCustom(kind))
      .map((kind): [string, GroupVersion] => [packageOf(schemaNameOf(kind)), kind]),
  );
  packages.set(packageOf(metaSchema("Status")), { group: "", version: "v1" });
  const made = new Map<string, JsonObject>();
  const make = (name: string): JsonObject => {
    const schema =
      scalarDefinition(name) ?? publishedDefinition(name, rootSchemas[name] ?? library.resolve({ ref: name }));
    const versions = versionsOf(name, schema, packages);
    return versions.length === 0 ? schema : { ...schema, "x-kubernetes-group-version-kind": versions };
  };
  return {
    get: (name) => {
      const known = made.get(name) ?? make(name);
      made.set(name, known);
      return known;
    },
  };
}

/** The definitions of a group of custom kinds, which know fewer groups. */
export function definitionsWithCustom(kinds: readonly Kind[], builtIn: Definitions): Definitions {
  const own = new Map(kinds.filter(isCustom).flatMap((kind) => Object.entries(customDefinitions(kind))));
  return {
    get: (name) => {
      const custom = own.get(name);
      if (custom) return custom;
      const schema = builtIn.get(name);
      const versions = schema["x-kubernetes-group-version-kind"];
      if (!inEveryGroup.has(name) || !Array.isArray(versions)) return schema;
      const known = versions.filter((each: JsonObject) => !groupsUnknownToCustomKinds.has(String(each["group"])));
      return { ...schema, "x-kubernetes-group-version-kind": known };
    },
  };
}

function versionsOf(name: string, schema: JsonObject, packages: ReadonlyMap<string, GroupVersion>): JsonObject[] {
  const properties = schema["properties"];
  if (inEveryGroup.has(name)) return everywhere(kindOf(name));
  if (!isJsonObject(properties) || references.has(name)) return [];
  if (!("kind" in properties) || !("apiVersion" in properties)) return [];
  const place = packages.get(packageOf(name));
  return place ? [{ group: place.group, version: place.version, kind: kindOf(name) }] : [];
}

function everywhere(kind: string): JsonObject[] {
  return knownGroups.flatMap(([group, versions]) => versions.map((version) => ({ group, version, kind })));
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

function kindOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The named schemas and all that they refer to, by name. */
export function reachable(names: Iterable<string>, definitions: Definitions): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const schema = definitions.get(name);
    found.set(name, schema);
    collectReferences(schema, waiting);
  }
  return new Map([...found].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function collectReferences(value: unknown, into: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === "$ref" && typeof member === "string") into.push(member.slice(schemaPointer.length));
    else collectReferences(member, into);
  }
}
