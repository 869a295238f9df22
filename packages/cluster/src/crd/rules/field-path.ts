import type { JsonSchema } from "../json-schema.ts";
import { hasAdditional, propertyOf, valuesOf } from "../json-schema.ts";

export type FoundPath =
  | { readonly path: string; readonly schema: JsonSchema | undefined }
  | { readonly problem: string };

/** `.spec.ports['http']` as the path of a field that the schema knows. */
export function findPath(text: string, schema: JsonSchema, { hasBrackets = true } = {}): FoundPath {
  const tokens = text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+|'/g) ?? [];
  let path = "";
  let current: JsonSchema | undefined = schema;
  let position = 0;
  const step = (name: string): string | undefined => {
    const found = stepInto(current, name);
    if ("problem" in found) return found.problem;
    path = found.isNamed ? `${path}${path === "" ? "" : "."}${name}` : `${path}[${name}]`;
    current = found.schema;
    return undefined;
  };
  while (position < tokens.length) {
    const token = tokens[position] ?? "";
    if (token !== "." && token !== "[") return { problem: `expected [ or . but got: ${token}` };
    const isBracket = token === "[";
    if (isBracket && !hasBrackets) return { problem: "array notation is not allowed" };
    const name = tokens[position + 1];
    if (name === undefined) return { problem: "unexpected end of JSON path" };
    if (isBracket && !/^'.*'$/s.test(name)) return { problem: `expected single quoted string but got ${name}` };
    const problem = step(isBracket ? unquoted(name) : name);
    if (problem !== undefined) return { problem };
    position += 2;
    if (!isBracket) continue;
    const closing = tokens[position];
    if (closing === undefined) return { problem: "unexpected end of JSON path" };
    if (closing !== "]") return { problem: `expected ] but got ${closing}` };
    position += 1;
  }
  return { path, schema: current };
}

type Step = { readonly isNamed: boolean; readonly schema: JsonSchema | undefined } | { readonly problem: string };

function stepInto(schema: JsonSchema | undefined, name: string): Step {
  const unknown = { problem: "does not refer to a valid field" };
  if (schema === undefined) return unknown;
  if (Object.keys(schema.properties ?? {}).length > 0) {
    const property = propertyOf(schema, name);
    return property ? { isNamed: true, schema: property } : unknown;
  }
  return hasAdditional(schema) ? { isNamed: false, schema: valuesOf(schema) } : unknown;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
}
