import type { DefaultedField, Field, SchemaNode } from "./schema.ts";

const known = new WeakMap<DefaultedField, unknown>();

/** The value of an absent field: its default, with the defaults inside it filled in. Frozen, since all absent fields share it. */
export function defaultOf(field: DefaultedField): unknown {
  if (known.has(field)) return known.get(field);
  const value = completed(field.schema, field.default);
  known.set(field, value);
  return value;
}

function completed(schema: SchemaNode, value: unknown): unknown {
  if (schema.kind === "record") return completedFields(schema.fields, value);
  if (schema.kind === "variant") {
    const given = fieldsOf(value)[schema.discriminator];
    const chosen = typeof given === "string" ? given : (schema.defaultVariant ?? "");
    const fields = schema.variants[chosen]?.fields ?? {};
    return Object.freeze({ [schema.discriminator]: chosen, ...completedFields(fields, value) });
  }
  if (schema.kind === "list" && Array.isArray(value))
    return Object.freeze(value.map((each) => completed(schema.item, each)));
  return typeof value === "object" && value !== null ? Object.freeze(value) : value;
}

function completedFields(fields: Readonly<Record<string, Field>>, value: unknown): Readonly<Record<string, unknown>> {
  const given = fieldsOf(value);
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (Object.hasOwn(given, name)) result[name] = completed(field.schema, given[name]);
    else if (field.presence === "defaulted") result[name] = defaultOf(field);
  }
  return Object.freeze(result);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
