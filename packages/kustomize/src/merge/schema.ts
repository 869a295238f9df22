import { schemaDefinitions, schemaKinds } from "../data/merge-keys.ts";
import type { SchemaField } from "../data/merge-keys.ts";

/** What a merge must know of a field: whether its list merges, by which keys, and what is below it. */
export interface MergeSchema {
  /** The keys that match elements; nothing when the list is replaced whole. */
  readonly mergeKeys: readonly string[] | undefined;
  field(name: string): MergeSchema | undefined;
  elements(): MergeSchema | undefined;
}

/** Finds the schema of a kind. */
export interface SchemaSource {
  forKind(apiVersion: string, kind: string): MergeSchema | undefined;
}

const cache = new Map<string, MergeSchema>();

/** A definition of the built-in kinds. */
function definition(name: string): MergeSchema {
  const cached = cache.get(name);
  if (cached !== undefined) return cached;
  const fields = Object.hasOwn(schemaDefinitions, name) ? schemaDefinitions[name] : undefined;
  const schema: MergeSchema = {
    mergeKeys: undefined,
    field: (field) => {
      const found = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
      return found === undefined ? unmerged : fieldSchema(found);
    },
    elements: () => undefined,
  };
  cache.set(name, schema);
  return schema;
}

/** Known, but without lists that merge. */
const unmerged: MergeSchema = { mergeKeys: undefined, field: () => unmerged, elements: () => unmerged };

function fieldSchema(field: SchemaField): MergeSchema {
  const { of, items, values, merge } = field;
  if (of !== undefined) return definition(of);
  return {
    mergeKeys: merge,
    field: () => (values === undefined ? unmerged : definition(values)),
    elements: () => (items === undefined ? unmerged : definition(items)),
  };
}

const openApiPrefix = /^io\.k8s\.(?:api|apimachinery\.pkg\.apis|kube-aggregator\.pkg\.apis)\./;

/** A built-in definition by its name in the OpenAPI document. */
export function builtInDefinition(openApiName: string): MergeSchema | undefined {
  return openApiPrefix.test(openApiName) ? definition(openApiName.replace(openApiPrefix, "")) : undefined;
}

export const builtInSchemas: SchemaSource = {
  forKind(apiVersion, kind) {
    const key = `${apiVersion}/${kind}`;
    const name = Object.hasOwn(schemaKinds, key) ? schemaKinds[key] : undefined;
    return name === undefined ? undefined : definition(name);
  },
};
