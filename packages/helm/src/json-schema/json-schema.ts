import { Compiler } from "./compile.ts";
import { metaschemas } from "./data/metaschemas.ts";
import { draftUrls } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { reportFailure } from "./failure.ts";
import { parseSchemaJson } from "./json-value.ts";
import type { Schema } from "./schema.ts";
import { SchemaError } from "./schema-error.ts";
import { validate } from "./validate.ts";

export interface SchemaOptions {
  /** Turns a pattern into a test; throws when it is none. */
  readonly compilePattern: (source: string) => (text: string) => boolean;
  /** Documents that `$ref` may name by their URL. Nothing else is reachable. */
  readonly documents?: ReadonlyMap<string, unknown>;
}

/** A schema ready for use: gives the report of what is wrong with a value, or undefined. */
export type SchemaCheck = (value: unknown) => string | undefined;

/** Compiles the text of a JSON Schema (drafts 4, 6, 7, 2019-09, 2020-12). Throws a SchemaError when it is none. */
export function compileSchema(text: string, url: string, options: SchemaOptions): SchemaCheck {
  const root = parseSchema(text);
  const compiler = new Compiler({
    compilePattern: options.compilePattern,
    documentAt: (address) => options.documents?.get(address) ?? metaschemaAt(address),
    checkSchema: (schema, at) => checkAgainstDraft(schema, at, options),
  });
  const schema = compiler.compile(url, root);
  return (value) => {
    const failure = validate(schema, value);
    return failure === undefined ? undefined : reportFailure(failure);
  };
}

function parseSchema(text: string): unknown {
  try {
    return parseSchemaJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SchemaError("schema-invalid", error.message);
    throw error;
  }
}

function metaschemaAt(url: string): unknown {
  const text = metaschemas.get(url);
  return text === undefined ? undefined : parseSchemaJson(text);
}

const draftSchemas = new Map<Draft, Schema>();

/** The schema of schemas of a draft, compiled once. */
function draftSchema(draft: Draft, options: SchemaOptions): Schema {
  const present = draftSchemas.get(draft);
  if (present !== undefined) return present;
  const url = draftUrls[draft];
  const compiler = new Compiler({
    compilePattern: options.compilePattern,
    documentAt: metaschemaAt,
    assertFormats: true,
  });
  const schema = compiler.compile(url, metaschemaAt(url));
  draftSchemas.set(draft, schema);
  return schema;
}

function checkAgainstDraft(schema: unknown, at: Schema, options: SchemaOptions): void {
  const meta = draftSchema(at.draft, options);
  const failure = validate(meta, schema);
  if (failure === undefined) return;
  throw new SchemaError(
    "schema-invalid",
    `${JSON.stringify(at.location)} is not valid against metaschema: jsonschema validation failed with '${draftUrls[at.draft]}#'\n${reportFailure(failure)}`,
  );
}
