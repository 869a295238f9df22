import type { TSchema } from "../schema.ts";

/**
 * Text from an address, a header or the environment, as the schema's type wants it. What doesn't fit stays text, so
 * that the check says what was found.
 */
export function coerceText(schema: TSchema, text: string): unknown {
  switch (typeOf(schema)) {
    case "integer":
    case "number":
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "array":
      return text.split(",");
    default:
      return text;
  }
}

export function typeOf(schema: TSchema): unknown {
  return "type" in schema ? schema.type : undefined;
}
