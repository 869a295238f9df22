import { has, isTable } from "../values/table.ts";
import type { Table } from "../values/table.ts";
import { formatCheck } from "./formats.ts";
import { decimalOf, isWhole, toNumber } from "./json-number.ts";
import type { Decimal } from "./json-number.ts";
import { jsonTypes } from "./json-value.ts";
import type { JsonType } from "./json-value.ts";
import type { Pattern, Schema } from "./schema.ts";

/** What the keywords of one schema need to reach others. */
export interface KeywordContext {
  /** The subschema under these path elements. */
  at(...tokens: readonly string[]): Schema;
  /** The schema that a reference leads to. */
  refer(reference: string): Schema;
  pattern(source: string, keyword: string): Pattern;
  /** Throws for a text that is no pattern. */
  readonly isPattern: (source: string) => unknown;
  readonly assertFormats: boolean;
}

/** Reads the keywords that the schema's draft has. Values of a wrong type count as absent. */
export function compileKeywords(schema: Schema, source: Table, context: KeywordContext): void {
  const read = new KeywordReader(source, context);
  const { draft } = schema;
  const ref = read.text("$ref");
  if (ref !== undefined) {
    schema.ref = context.refer(ref);
    // Before 2019-09 a reference stands alone.
    if (draft < 2019) return;
  }
  applicators(schema, read);
  objects(schema, read);
  arrays(schema, read);
  scalars(schema, read);
  if (draft >= 6) fromSix(schema, source, read);
  if (draft >= 2019) fromTwentyNineteen(schema, read);
  if (draft >= 2020) fromTwentyTwenty(schema, read);
  const format = draft < 2019 || context.assertFormats ? read.text("format") : undefined;
  if (format !== undefined) set(schema, "format", formatCheck(format, context.isPattern));
}

/** Sets a keyword that is there. */
function set<K extends keyof Schema>(schema: Schema, key: K, value: Schema[K] | undefined): void {
  if (value !== undefined) schema[key] = value;
}

function applicators(schema: Schema, read: KeywordReader): void {
  set(schema, "allOf", read.schemas("allOf"));
  set(schema, "anyOf", read.schemas("anyOf"));
  set(schema, "oneOf", read.schemas("oneOf"));
  set(schema, "not", read.schema("not"));
  set(schema, "types", read.types());
  set(schema, "oneOfValues", read.list("enum"));
}

function objects(schema: Schema, read: KeywordReader): void {
  set(schema, "minProperties", read.count("minProperties"));
  set(schema, "maxProperties", read.count("maxProperties"));
  set(schema, "required", read.texts("required"));
  set(schema, "properties", read.schemaMap("properties"));
  set(schema, "patternProperties", read.patterns());
  set(schema, "additionalProperties", read.schemaOrBool("additionalProperties"));
  set(schema, "dependencies", read.dependencies());
}

function arrays(schema: Schema, read: KeywordReader): void {
  set(schema, "minItems", read.count("minItems"));
  set(schema, "maxItems", read.count("maxItems"));
  set(schema, "uniqueItems", read.bool("uniqueItems"));
  if (schema.draft >= 2020) return;
  if (read.list("items") === undefined) {
    set(schema, "items", read.schema("items"));
  } else {
    set(schema, "prefixItems", read.schemas("items"));
    set(schema, "additionalItems", read.schemaOrBool("additionalItems"));
  }
}

function scalars(schema: Schema, read: KeywordReader): void {
  set(schema, "minLength", read.count("minLength"));
  set(schema, "maxLength", read.count("maxLength"));
  const pattern = read.text("pattern");
  if (pattern !== undefined) schema.pattern = read.context.pattern(pattern, "pattern");
  set(schema, "multipleOf", read.decimal("multipleOf"));
  // Draft 4 has a flag where later drafts have a number.
  const exclusiveMaximum = read.bool("exclusiveMaximum") === true;
  set(schema, exclusiveMaximum ? "exclusiveMaximum" : "maximum", read.decimal("maximum"));
  if (!exclusiveMaximum) set(schema, "exclusiveMaximum", read.decimal("exclusiveMaximum"));
  const exclusiveMinimum = read.bool("exclusiveMinimum") === true;
  set(schema, exclusiveMinimum ? "exclusiveMinimum" : "minimum", read.decimal("minimum"));
  if (!exclusiveMinimum) set(schema, "exclusiveMinimum", read.decimal("exclusiveMinimum"));
}

function fromSix(schema: Schema, source: Table, read: KeywordReader): void {
  set(schema, "contains", read.schema("contains"));
  set(schema, "propertyNames", read.schema("propertyNames"));
  if (has(source, "const")) schema.constant = { value: source["const"] };
  if (schema.draft < 7) return;
  set(schema, "if", read.schema("if"));
  if (schema.if === undefined) return;
  set(schema, "then", read.schema("then"));
  set(schema, "else", read.schema("else"));
}

function fromTwentyNineteen(schema: Schema, read: KeywordReader): void {
  const recursive = schema.draft === 2019 ? read.text("$recursiveRef") : undefined;
  if (recursive !== undefined) schema.recursiveRef = read.context.refer(recursive);
  set(schema, "recursiveAnchor", read.bool("$recursiveAnchor"));
  if (schema.contains !== undefined) {
    set(schema, "minContains", read.count("minContains"));
    set(schema, "maxContains", read.count("maxContains"));
  }
  set(schema, "dependentRequired", read.textsMap("dependentRequired"));
  set(schema, "dependentSchemas", read.schemaMap("dependentSchemas"));
  set(schema, "unevaluatedItems", read.schema("unevaluatedItems"));
  set(schema, "unevaluatedProperties", read.schema("unevaluatedProperties"));
}

function fromTwentyTwenty(schema: Schema, read: KeywordReader): void {
  const reference = read.text("$dynamicRef");
  if (reference !== undefined) {
    const fragment = reference.includes("#") ? reference.slice(reference.indexOf("#") + 1) : "";
    schema.dynamicRef = {
      target: read.context.refer(reference),
      anchor: fragment.startsWith("/") ? "" : decodeURIComponent(fragment),
    };
  }
  set(schema, "dynamicAnchor", read.text("$dynamicAnchor"));
  set(schema, "prefixItems", read.schemas("prefixItems"));
  set(schema, "items", read.schema("items"));
}

class KeywordReader {
  readonly context: KeywordContext;
  readonly #source: Table;

  constructor(source: Table, context: KeywordContext) {
    this.#source = source;
    this.context = context;
  }

  #value(key: string): unknown {
    return has(this.#source, key) ? this.#source[key] : undefined;
  }

  text(key: string): string | undefined {
    const value = this.#value(key);
    return typeof value === "string" ? value : undefined;
  }

  bool(key: string): boolean | undefined {
    const value = this.#value(key);
    return typeof value === "boolean" ? value : undefined;
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.#value(key);
    return Array.isArray(value) ? value : undefined;
  }

  texts(key: string): string[] | undefined {
    return this.list(key)?.filter((item) => typeof item === "string");
  }

  decimal(key: string): Decimal | undefined {
    return decimalOf(this.#value(key));
  }

  count(key: string): number | undefined {
    const decimal = this.decimal(key);
    return decimal !== undefined && isWhole(decimal) ? toNumber(decimal) : undefined;
  }

  types(): ReadonlySet<JsonType> | undefined {
    const value = this.#value("type");
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    const types = jsonTypes.filter((type) => names.includes(type));
    return types.length === 0 ? undefined : new Set(types);
  }

  schema(key: string): Schema | undefined {
    return has(this.#source, key) ? this.context.at(key) : undefined;
  }

  schemaOrBool(key: string): boolean | Schema | undefined {
    return this.bool(key) ?? this.schema(key);
  }

  schemas(key: string): Schema[] | undefined {
    return this.list(key)?.map((_item, at) => this.context.at(key, String(at)));
  }

  schemaMap(key: string): ReadonlyMap<string, Schema> | undefined {
    const value = this.#value(key);
    if (!isTable(value)) return undefined;
    return new Map(Object.keys(value).map((name) => [name, this.context.at(key, name)]));
  }

  textsMap(key: string): ReadonlyMap<string, readonly string[]> | undefined {
    const value = this.#value(key);
    if (!isTable(value)) return undefined;
    const entries = Object.entries(value).flatMap(([name, list]): [string, string[]][] =>
      Array.isArray(list) ? [[name, list.filter((item) => typeof item === "string")]] : [],
    );
    return new Map(entries);
  }

  patterns(): readonly (readonly [Pattern, Schema])[] | undefined {
    const schemas = this.schemaMap("patternProperties");
    if (schemas === undefined) return undefined;
    return [...schemas].map(([source, schema]) => [this.context.pattern(source, "patternProperties"), schema] as const);
  }

  dependencies(): ReadonlyMap<string, Schema | readonly string[]> | undefined {
    const value = this.#value("dependencies");
    if (!isTable(value)) return undefined;
    const entries = Object.entries(value).map(([name, entry]): [string, Schema | readonly string[]] =>
      Array.isArray(entry)
        ? [name, entry.filter((item) => typeof item === "string")]
        : [name, this.context.at("dependencies", name)],
    );
    return new Map(entries);
  }
}
