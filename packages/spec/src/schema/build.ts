import type { FormatName } from "./formats.ts";
import type { Field, Infer, RecordSchema, Schema, SchemaNode } from "./schema.ts";

interface Detail {
  readonly example?: unknown;
}

export function text(description: string, detail: Detail & { readonly format?: FormatName } = {}): Schema<string> {
  return { kind: "text", description, ...detail };
}

export function integer(
  description: string,
  detail: Detail & { readonly minimum: number; readonly maximum: number },
): Schema<number> {
  return { kind: "integer", description, ...detail };
}

export function flag(description: string, detail: Detail = {}): Schema<boolean> {
  return { kind: "flag", description, ...detail };
}

export function choice<const C extends string>(
  description: string,
  choices: readonly C[],
  detail: Detail = {},
): Schema<C> {
  return { kind: "choice", description, choices, ...detail };
}

export function countOrPercent(description: string, detail: Detail = {}): Schema<number | `${number}%`> {
  return { kind: "count-or-percent", description, ...detail };
}

interface ListDetail extends Detail {
  readonly minimumItems?: number;
  readonly maximumItems?: number;
  readonly uniqueBy?: string;
}

export function list<T>(description: string, item: Schema<T>, detail: ListDetail = {}): Schema<readonly T[]> {
  const { minimumItems = 0, maximumItems = 1_000, ...rest } = detail;
  return { kind: "list", description, item, minimumItems, maximumItems, ...rest };
}

export function map<T>(
  description: string,
  value: Schema<T>,
  detail: Detail & { readonly keyFormat: FormatName },
): Schema<Readonly<Record<string, T>>> {
  return { kind: "map", description, value, ...detail };
}

interface TypedField<T, Presence> {
  readonly type: T;
  readonly presence: Presence;
}

/** A field with what the compiler knows of it. */
export type FieldOf<T, Presence extends Field["presence"]> = Field & { readonly field?: TypedField<T, Presence> };

export function required<T>(schema: Schema<T>): FieldOf<T, "required"> {
  return { presence: "required", schema };
}

export function optional<T>(schema: Schema<T>): FieldOf<T, "optional"> {
  return { presence: "optional", schema };
}

/** What stands for an absent field, written as it would stand in the file. */
export function defaulted<T>(schema: Schema<T>, value: unknown): FieldOf<T, "defaulted"> {
  return { presence: "defaulted", schema, default: value };
}

type PresenceOf<F> = F extends { readonly field?: TypedField<unknown, infer P> } ? P : never;
type TypeOf<F> = F extends { readonly field?: TypedField<infer T, unknown> } ? T : never;
type OptionalKeys<F> = { [K in keyof F]: PresenceOf<F[K]> extends "optional" ? K : never }[keyof F];

export type RecordOf<F> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: TypeOf<F[K]>;
};

export function record<F extends Readonly<Record<string, Field>>>(
  description: string,
  fields: F,
  detail: Detail = {},
): Schema<RecordOf<F>> & RecordSchema {
  return { kind: "record", description, fields, ...detail };
}

/** Each variant gets the discriminating field with its own name as value. */
export function variant<D extends string, V extends Readonly<Record<string, RecordSchema>>>(
  description: string,
  discriminator: D,
  variants: V,
  detail: Detail & { readonly defaultVariant?: keyof V & string } = {},
): Schema<{ [K in keyof V]: { readonly [P in D]: K } & Infer<V[K]> }[keyof V]> {
  const { defaultVariant, ...rest } = detail;
  return { kind: "variant", description, discriminator, variants, defaultVariant, ...rest };
}

/** The same fields with nothing filled in: what an environment changes. */
export function partial<F extends Readonly<Record<string, Field>>>(
  description: string,
  fields: F,
): Schema<{ readonly [K in keyof F]?: TypeOf<F[K]> }> {
  const open = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { presence: "optional" as const, schema: field.schema }]),
  );
  return { kind: "record", description, fields: open satisfies Record<string, { schema: SchemaNode }> };
}
