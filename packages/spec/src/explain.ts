import { platformSchema } from "./model/platform.ts";
import { serviceSchema } from "./model/service.ts";
import { nearestName } from "./nearest-name.ts";
import { defaultOf } from "./schema/default-value.ts";
import { formats } from "./schema/formats.ts";
import type { Field, SchemaNode } from "./schema/schema.ts";

/** What `fairway explain` tells about a field. */
export interface Explanation {
  /** `service.spec.release.steps` */
  readonly path: string;
  readonly type: string;
  readonly description: string;
  readonly presence: Field["presence"];
  /** As it would stand in the file. */
  readonly default?: unknown;
  readonly allowed?: string;
  readonly example?: unknown;
  /** The only variants that have the field, where not all have it: `blue-green` for `service.release.soak`. */
  readonly variants?: readonly string[];
  /** The parts; of a list or of a map, those of each entry. */
  readonly fields: readonly ExplainedField[];
}

export interface ExplainedField {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly presence: Field["presence"];
  readonly default?: unknown;
  /** The variant that has the field, where only one has. */
  readonly variant?: string;
}

export type ExplainAnswer =
  | { readonly found: true; readonly explanation: Explanation }
  | { readonly found: false; readonly message: string; readonly suggestion?: string };

const kinds: Readonly<Record<string, SchemaNode>> = { service: serviceSchema, platform: platformSchema };

/** Looks up `service.release.steps`, with or without `spec.` in it, and without the indexes of lists. */
export function explain(path: string): ExplainAnswer {
  const [kind = "", ...steps] = path
    .replaceAll(/\[\w*\]/g, "")
    .split(".")
    .filter((step) => step !== "");
  const schema = Object.hasOwn(kinds, kind.toLowerCase()) ? kinds[kind.toLowerCase()] : undefined;
  if (!schema) return unknownField(kind, Object.keys(kinds), "");
  const start: Found = { path: kind.toLowerCase(), field: { presence: "required", schema } };
  const answer = follow(start, steps);
  // Everything that is written often stands below spec.
  const below = answer.found || steps[0] === "spec" ? answer : follow(start, ["spec", ...steps]);
  const chosen = below.found || below.suggestion !== undefined ? below : answer;
  return chosen.found ? { found: true, explanation: explanationOf(chosen.at) } : chosen;
}

interface Found {
  readonly path: string;
  readonly field: Field;
  readonly variants?: readonly string[];
}

type Followed = { readonly found: true; readonly at: Found } | Extract<ExplainAnswer, { found: false }>;

function follow(start: Found, steps: readonly string[]): Followed {
  let at = start;
  for (const step of steps) {
    const fields = fieldsOf(at.field.schema);
    const named = fields.filter(({ name }) => name === step);
    const next = named[0]?.field ?? anyKey(at.field.schema);
    if (!next)
      return unknownField(
        step,
        fields.map(({ name }) => name),
        at.path,
      );
    const variants = named.flatMap(({ variant }) => variant ?? []);
    at = { path: `${at.path}.${step}`, field: next, ...(variants.length > 0 && { variants }) };
  }
  return { found: true, at };
}

function unknownField(name: string, known: readonly string[], path: string): Extract<ExplainAnswer, { found: false }> {
  const where = path === "" ? "" : ` in ${path}`;
  const list = known.length === 0 ? `${path} has no fields` : `there are ${known.join(", ")}`;
  const nearest = nearestName(name, known);
  const suggestion = nearest === undefined ? {} : { suggestion: path === "" ? nearest : `${path}.${nearest}` };
  return { found: false, message: `there is no field "${name}"${where}; ${list}`, ...suggestion };
}

interface NamedField {
  readonly name: string;
  readonly field: Field;
  readonly variant?: string;
}

/** The fields below a schema; a list is looked through, since nobody explains the list without its items. */
function fieldsOf(schema: SchemaNode): readonly NamedField[] {
  if (schema.kind === "list") return fieldsOf(schema.item);
  if (schema.kind === "record") return Object.entries(schema.fields).map(([name, field]) => ({ name, field }));
  if (schema.kind !== "variant") return [];
  const choices = Object.keys(schema.variants);
  const choice: SchemaNode = { kind: "choice", description: `Which of them: ${choices.join(", ")}`, choices };
  const first: NamedField =
    schema.defaultVariant === undefined
      ? { name: schema.discriminator, field: { presence: "required", schema: choice } }
      : {
          name: schema.discriminator,
          field: { presence: "defaulted", schema: choice, default: schema.defaultVariant },
        };
  const rest = Object.entries(schema.variants).flatMap(([variant, record]) =>
    Object.entries(record.fields).map(([name, field]) => ({ name, field, variant })),
  );
  return [first, ...rest];
}

/** Below a map any name is a field. */
function anyKey(schema: SchemaNode): Field | undefined {
  return schema.kind === "map" ? { presence: "optional", schema: schema.value } : undefined;
}

function explanationOf({ path, field, variants }: Found): Explanation {
  const { schema, presence } = field;
  const allowed = allowedIn(schema);
  return {
    path,
    type: typeName(schema),
    description: schema.description,
    presence,
    ...(field.presence === "defaulted" && { default: defaultOf(field) }),
    ...(allowed !== undefined && { allowed }),
    ...(schema.example !== undefined && { example: schema.example }),
    ...(variants !== undefined && { variants }),
    fields: fieldsOf(schema.kind === "map" ? schema.value : schema).map(({ name, field: each, variant }) => ({
      name,
      type: typeName(each.schema),
      description: each.schema.description,
      presence: each.presence,
      ...(each.presence === "defaulted" && { default: defaultOf(each) }),
      ...(variant !== undefined && { variant }),
    })),
  };
}

function typeName(schema: SchemaNode): string {
  switch (schema.kind) {
    case "text":
      return schema.format === undefined || schema.format === "text" ? "text" : `text (${schema.format})`;
    case "integer":
      return "whole number";
    case "flag":
      return "true or false";
    case "choice":
      return "choice";
    case "count-or-percent":
      return "number or share";
    case "list":
      return `list of ${typeName(schema.item)}`;
    case "map":
      return `map of ${typeName(schema.value)}`;
    case "record":
      return "map";
    case "variant":
      return `map, by ${schema.discriminator}`;
  }
}

function allowedIn(schema: SchemaNode): string | undefined {
  if (schema.kind === "text") return schema.format === undefined ? undefined : formats[schema.format].expected;
  if (schema.kind === "integer") return `from ${schema.minimum} to ${schema.maximum}`;
  if (schema.kind === "choice") return schema.choices.join(", ");
  if (schema.kind === "list") return allowedIn(schema.item);
  return undefined;
}
