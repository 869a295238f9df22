import { isEmbedded, itemsOf, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { compileRules } from "./compile-rules.ts";
import type { CompiledRule } from "./compile-rules.ts";
import { declTypeOf } from "./decl-type.ts";
import type { DeclType } from "./decl-type.ts";
import { escapedName } from "./escape-name.ts";

/** The rules of a schema and of all that is inside, without the parts that have none. */
export interface RuleTree {
  /** Of the value. */
  readonly schema: JsonSchema;
  readonly typeName: string;
  /** The value is a whole object, whose rules see its metadata. */
  readonly isRoot: boolean;
  readonly rules: readonly CompiledRule[];
  readonly items?: RuleTree;
  readonly values?: RuleTree;
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly allOf: readonly RuleTree[];
}

/** Undefined when nothing in the schema has rules. */
export function ruleTreeOf(schema: JsonSchema, isRoot: boolean): RuleTree | undefined {
  if (!hasRules(schema)) return undefined;
  return treeOf({ rulesOf: schema, schema, isRoot, decl: declTypeOf(schema, isRoot, TYPE_NAME) });
}

/** Types of custom objects have no names that expressions could say. */
const TYPE_NAME = "selfType";

function hasRules(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return false;
  if ((schema["x-kubernetes-validations"] ?? []).length > 0) return true;
  return [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})].some(hasRules);
}

interface Node {
  /** Says the rules; differs from the schema inside `allOf`. */
  readonly rulesOf: JsonSchema;
  readonly schema: JsonSchema;
  readonly isRoot: boolean;
  readonly decl: DeclType | undefined;
}

function treeOf({ rulesOf, schema, isRoot, decl }: Node): RuleTree | undefined {
  const rules = decl === undefined ? [] : compileRules({ ...schema, ...rulesIn(rulesOf) }, decl);
  const items = inner(itemsOf(rulesOf), itemsOf(schema), decl?.items);
  const values = inner(valuesOf(rulesOf), valuesOf(schema), decl?.items);
  const properties = propertyTrees(rulesOf, schema, decl);
  const allOf = (rulesOf.allOf ?? []).flatMap((part) => treeOf({ rulesOf: part, schema, isRoot, decl }) ?? []);
  if (rules.length === 0 && !items && !values && properties.size === 0 && allOf.length === 0) return undefined;
  return {
    schema,
    typeName: decl?.type.name ?? TYPE_NAME,
    isRoot,
    rules,
    ...(items && { items }),
    ...(values && { values }),
    properties,
    allOf,
  };
}

function rulesIn(schema: JsonSchema): Pick<JsonSchema, "x-kubernetes-validations"> {
  return { "x-kubernetes-validations": schema["x-kubernetes-validations"] ?? [] };
}

function inner(
  rulesOf: JsonSchema | undefined,
  schema: JsonSchema | undefined,
  decl: DeclType | undefined,
): RuleTree | undefined {
  return rulesOf && schema && treeOf({ rulesOf, schema, isRoot: isEmbedded(schema), decl });
}

function propertyTrees(
  rulesOf: JsonSchema,
  schema: JsonSchema,
  decl: DeclType | undefined,
): ReadonlyMap<string, RuleTree> {
  const trees = new Map<string, RuleTree>();
  for (const [name, part] of Object.entries(rulesOf.properties ?? {})) {
    const property = propertyOf(schema, name);
    if (property === undefined) continue;
    const isRoot = isEmbedded(property);
    const escaped = escapedName(name);
    const field = escaped === undefined ? declTypeOf(property, isRoot, TYPE_NAME) : decl?.fields?.get(escaped);
    if (field === undefined) continue;
    const tree = treeOf({ rulesOf: part, schema: property, isRoot, decl: field });
    if (tree) trees.set(name, tree);
  }
  return trees;
}
