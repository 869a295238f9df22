import type { TSchema } from "../schema.ts";

/**
 * Text from an address, a header or the environment, as the schema's type wants it. What doesn't fit stays text, so
 * that the check says what was found.
 */
export function coerceText(schema: TSchema, text: string): unknown {
  return coercion(schema)(text);
}

/** The same, for many texts of one schema. */
export function coercion(schema: TSchema): (text: string) => unknown {
  switch (typeOf(schema)) {
    case "integer":
    case "number":
      return (text) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text);
    case "boolean":
      return (text) => (text === "true" ? true : text === "false" ? false : text);
    case "array":
      return (text) => text.split(",");
    default:
      return (text) => text;
  }
}

export function typeOf(schema: TSchema): unknown {
  return "type" in schema ? schema.type : undefined;
}
