import type { Draft } from "./draft.ts";
import type { FormatCheck } from "./formats.ts";
import type { Decimal } from "./json-number.ts";
import type { JsonType } from "./json-value.ts";

/** A pattern of the schema with its text. */
export interface Pattern {
  readonly source: string;
  readonly test: (text: string) => boolean;
}

/** A compiled schema. Undefined means that the schema does not have the keyword. */
export interface Schema {
  readonly location: string;
  readonly pointer: string;
  readonly draft: Draft;
  /** `true`, `false`, or undefined for an object with keywords. */
  bool?: boolean;
  /** The schema of the whole resource that this one belongs to. */
  resource?: Schema;
  /** Schemas of the resource's `$dynamicAnchor`s, on the resource's own schema only. */
  dynamicAnchors?: ReadonlyMap<string, Schema>;
  dynamicAnchor?: string;
  recursiveAnchor?: boolean;
  ref?: Schema;
  recursiveRef?: Schema;
  dynamicRef?: { readonly target: Schema; readonly anchor: string };
  types?: ReadonlySet<JsonType>;
  constant?: { readonly value: unknown };
  oneOfValues?: readonly unknown[];
  format?: FormatCheck;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  not?: Schema;
  if?: Schema;
  then?: Schema;
  else?: Schema;
  minProperties?: number;
  maxProperties?: number;
  required?: readonly string[];
  properties?: ReadonlyMap<string, Schema>;
  patternProperties?: readonly (readonly [Pattern, Schema])[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  dependencies?: ReadonlyMap<string, Schema | readonly string[]>;
  dependentRequired?: ReadonlyMap<string, readonly string[]>;
  dependentSchemas?: ReadonlyMap<string, Schema>;
  unevaluatedProperties?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  /** One schema for all items, of drafts before 2020-12; or for those after `prefixItems`. */
  items?: Schema;
  /** Schemas by position: `prefixItems`, or a list in `items` of older drafts. */
  prefixItems?: readonly Schema[];
  additionalItems?: boolean | Schema;
  contains?: Schema;
  minContains?: number;
  maxContains?: number;
  unevaluatedItems?: Schema;
  minLength?: number;
  maxLength?: number;
  pattern?: Pattern;
  minimum?: Decimal;
  maximum?: Decimal;
  exclusiveMinimum?: Decimal;
  exclusiveMaximum?: Decimal;
  multipleOf?: Decimal;
}
