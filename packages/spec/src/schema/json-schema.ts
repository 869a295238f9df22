import { defaultOf } from "./default-value.ts";
import { formats, type Format } from "./formats.ts";
import type { Field, SchemaNode } from "./schema.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema, draft 2020-12, for editors. What a schema can't say, such as sums over lists, `fairway check` says. */
export function jsonSchemaOf(
  schema: SchemaNode,
  identity: { readonly id: string; readonly title: string },
): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: identity.id,
    title: identity.title,
    ...convert(schema),
  };
}

function convert(schema: SchemaNode): JsonSchema {
  const { description } = schema;
  const examples = schema.example === undefined ? {} : { examples: [schema.example] };
  return { description, ...examples, ...keywords(schema) };
}

/** A number is read as the text that stands there, where the format allows it: `version: 18`. */
function takesNumbers({ pattern }: Format): boolean {
  return ["1", "1.5"].some((text) => new RegExp(pattern, "u").test(text));
}

function keywords(schema: SchemaNode): JsonSchema {
  switch (schema.kind) {
    case "text": {
      const format: Format = formats[schema.format ?? "text"];
      const length = format.lengthMax === undefined ? {} : { maxLength: format.lengthMax };
      if (schema.format === undefined) return { type: "string", ...length };
      return { type: takesNumbers(format) ? ["string", "number"] : "string", pattern: format.pattern, ...length };
    }
    case "integer":
      return { type: "integer", minimum: schema.minimum, maximum: schema.maximum };
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { enum: schema.choices };
    case "count-or-percent":
      return {
        anyOf: [
          { type: "integer", minimum: 0 },
          { type: "string", pattern: "^(100|[0-9]{1,2})%$" },
        ],
      };
    case "list":
      return {
        type: "array",
        items: convert(schema.item),
        minItems: schema.minimumItems,
        maxItems: schema.maximumItems,
      };
    case "map":
      return {
        type: "object",
        propertyNames: { pattern: formats[schema.keyFormat].pattern },
        additionalProperties: convert(schema.value),
      };
    case "record":
      return objectKeywords(schema.fields);
    case "variant":
      return {
        oneOf: Object.entries(schema.variants).map(([name, each]) => {
          const { properties, required = [], ...rest } = objectKeywords(each.fields);
          const discriminator = { const: name, description: each.description };
          const needed = name === schema.defaultVariant ? required : [schema.discriminator, ...required];
          return {
            title: name,
            ...rest,
            properties: { [schema.discriminator]: discriminator, ...properties },
            ...(needed.length > 0 && { required: needed }),
          };
        }),
      };
  }
}

interface ObjectKeywords extends Record<string, unknown> {
  readonly properties: JsonSchema;
  readonly required?: readonly string[];
}

function objectKeywords(fields: Readonly<Record<string, Field>>): ObjectKeywords {
  const required = Object.keys(fields).filter((name) => fields[name]?.presence === "required");
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, property(field)])),
    ...(required.length > 0 && { required }),
  };
}

function property(field: Field): JsonSchema {
  const converted = convert(field.schema);
  return field.presence === "defaulted" ? { ...converted, default: defaultOf(field) } : converted;
}
