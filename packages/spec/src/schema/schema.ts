// The one source of truth of a description: types, validation, defaults, `explain` and the JSON Schema are read from it.
import type { FormatName } from "./formats.ts";

declare const inferred: unique symbol;

/** A schema of values of type T. The type is known to the compiler alone. */
export type Schema<T = unknown> = SchemaNode & { readonly [inferred]?: T };

export type Infer<S> = S extends { readonly [inferred]?: infer T } ? T : never;

export type SchemaNode =
  | TextSchema
  | IntegerSchema
  | FlagSchema
  | ChoiceSchema
  | CountOrPercentSchema
  | ListSchema
  | MapSchema
  | RecordSchema
  | VariantSchema;

interface Described {
  /** A sentence for the person who writes the file. */
  readonly description: string;
  /** A value as it would stand in the file. */
  readonly example?: unknown;
}

export interface TextSchema extends Described {
  readonly kind: "text";
  readonly format?: FormatName;
}

export interface IntegerSchema extends Described {
  readonly kind: "integer";
  readonly minimum: number;
  readonly maximum: number;
}

export interface FlagSchema extends Described {
  readonly kind: "flag";
}

export interface ChoiceSchema extends Described {
  readonly kind: "choice";
  readonly choices: readonly string[];
}

/** `2`, or `25%`: a number of pods. */
export interface CountOrPercentSchema extends Described {
  readonly kind: "count-or-percent";
}

export interface ListSchema extends Described {
  readonly kind: "list";
  readonly item: SchemaNode;
  readonly minimumItems: number;
  readonly maximumItems: number;
  /** The field of the items, or the items themselves (""), that must not repeat. */
  readonly uniqueBy?: string;
}

/** Names of the writer's choice, each with a value of the same kind. */
export interface MapSchema extends Described {
  readonly kind: "map";
  readonly keyFormat: FormatName;
  readonly value: SchemaNode;
}

export interface RecordSchema extends Described {
  readonly kind: "record";
  readonly fields: Readonly<Record<string, Field>>;
}

/** Records told apart by the text in one of their fields, so that an error speaks of the one that was meant. */
export interface VariantSchema extends Described {
  readonly kind: "variant";
  readonly discriminator: string;
  readonly defaultVariant: string | undefined;
  readonly variants: Readonly<Record<string, RecordSchema>>;
}

export type Field = RequiredField | OptionalField | DefaultedField;

export interface RequiredField {
  readonly presence: "required";
  readonly schema: SchemaNode;
}

export interface OptionalField {
  readonly presence: "optional";
  readonly schema: SchemaNode;
}

export interface DefaultedField {
  readonly presence: "defaulted";
  readonly schema: SchemaNode;
  /** As it would stand in the file; a record's own defaults are filled in. */
  readonly default: unknown;
}
