import { YamlError, decode } from "@fairway/yaml";
import { isRecord } from "../kustomization/record.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { builtInDefinition, builtInSchemas } from "./schema.ts";
import type { MergeSchema, SchemaSource } from "./schema.ts";

type Json = Readonly<Record<string, unknown>>;

/** Merge keys and scopes from an OpenAPI document that the kustomization names. */
export interface CustomSchema extends SchemaSource {
  /** Kinds that the document says are not in a namespace, as apiVersion/kind. */
  readonly clusterScoped: readonly string[];
}

/** Reads the document; `withBuiltIn` says whether the built-in kinds keep their schemas beside it. */
export function parseCustomSchema(document: string, withBuiltIn: boolean): CustomSchema {
  let root: unknown;
  try {
    root = decode(document);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new KustomizeError("kustomization", `invalid schema file: ${error.goMessage}`, error);
  }
  const definitions = recordAt(root, "definitions");
  const kinds = new Map<string, Json>();
  for (const definition of Object.values(definitions)) {
    if (!isRecord(definition)) continue;
    const list = definition["x-kubernetes-group-version-kind"];
    for (const entry of Array.isArray(list) ? list : []) {
      const key = kindKey(entry);
      if (key !== undefined) kinds.set(key, definition);
    }
  }
  return {
    forKind(apiVersion, kind) {
      const builtIn = withBuiltIn ? builtInSchemas.forKind(apiVersion, kind) : undefined;
      const definition = kinds.get(`${apiVersion}/${kind}`);
      if (builtIn !== undefined || definition === undefined) return builtIn;
      return schemaOf(definition, { own: definitions, withBuiltIn });
    },
    clusterScoped: clusterScopedKinds(recordAt(root, "paths")),
  };
}

function recordAt(value: unknown, key: string): Json {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

function kindKey(entry: unknown): string | undefined {
  if (!isRecord(entry)) return undefined;
  const { group, version, kind } = entry;
  if (typeof version !== "string" || typeof kind !== "string") return undefined;
  return `${typeof group === "string" && group !== "" ? `${group}/` : ""}${version}/${kind}`;
}

function clusterScopedKinds(paths: Json): string[] {
  const isNamespaced = new Map<string, boolean>();
  for (const [path, item] of Object.entries(paths)) {
    const key = kindKey(recordAt(item, "get")["x-kubernetes-group-version-kind"]);
    if (key === undefined) continue;
    isNamespaced.set(key, path.includes("namespaces/{namespace}") || isNamespaced.get(key) === true);
  }
  return Array.from(isNamespaced)
    .filter(([, namespaced]) => !namespaced)
    .map(([key]) => key);
}

const referencePrefix = "#/definitions/";

interface Definitions {
  readonly own: Json;
  readonly withBuiltIn: boolean;
}

function resolve(schema: unknown, definitions: Definitions): MergeSchema | undefined {
  let current = schema;
  for (let steps = 0; steps < 100 && isRecord(current); steps++) {
    const reference = current["$ref"];
    if (typeof reference !== "string") return schemaOf(current, definitions);
    if (!reference.startsWith(referencePrefix)) return undefined;
    const name = reference.slice(referencePrefix.length);
    const builtIn = definitions.withBuiltIn ? builtInDefinition(name) : undefined;
    if (builtIn !== undefined) return builtIn;
    current = Object.hasOwn(definitions.own, name) ? definitions.own[name] : undefined;
  }
  return undefined;
}

function schemaOf(schema: Json, definitions: Definitions): MergeSchema {
  const inner = (value: unknown): MergeSchema | undefined => resolve(value, definitions);
  return {
    mergeKeys: mergeKeysOf(schema),
    field: (name) => {
      const properties = recordAt(schema, "properties");
      return inner(Object.hasOwn(properties, name) ? properties[name] : schema["additionalProperties"]);
    },
    elements: () => (schema["type"] === "array" ? inner(schema["items"]) : undefined),
  };
}

function mergeKeysOf(schema: Json): readonly string[] | undefined {
  const strategy = schema["x-kubernetes-patch-strategy"];
  if (typeof strategy !== "string" || !strategy.split(",").includes("merge")) return undefined;
  const keys = schema["x-kubernetes-list-map-keys"];
  if (Array.isArray(keys)) return keys.filter((key) => typeof key === "string");
  const key = schema["x-kubernetes-patch-merge-key"];
  return typeof key === "string" ? [key] : [];
}
