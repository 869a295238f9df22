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
      return numberOf;
    case "boolean":
      return (text) => (text === "true" ? true : text === "false" ? false : text);
    case "array":
      return (text) => text.split(",");
    default:
      return (text) => text;
  }
}

const safeDigitsMax = 15;

function numberOf(text: string): unknown {
  return smallNumberOf(text) ?? (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text);
}

/** A few digits are what nearly all numbers are, and read faster by hand. */
function smallNumberOf(text: string): number | undefined {
  if (text.length === 0 || text.length > safeDigitsMax) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

export function typeOf(schema: TSchema): unknown {
  return "type" in schema ? schema.type : undefined;
}
