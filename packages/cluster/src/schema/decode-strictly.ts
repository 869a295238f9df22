import { isJsonObject } from "../object/json-value.ts";
import { jsonSyntaxError } from "../object/json-syntax.ts";
import type { JsonObject } from "../object/json-value.ts";
import { canonicalInPlace, canonicalValue } from "./canonical.ts";
import { DecodeError } from "./decode-error.ts";
import { countOwnFields, duplicateFields, hasMoreFields, inOrderOfText } from "./duplicate-fields.ts";
import { schemaLibrary } from "./library.ts";
import type { ObjectSchema, SchemaLibrary } from "./schema.ts";

export interface Decoded {
  readonly object: JsonObject;
  /** `unknown field "spec.nope"`, `duplicate field "data.x"`: an error, a warning or nothing, as the request asks. */
  readonly problems: readonly string[];
}

export interface DecodeOptions {
  /** The Go type's name, which type errors begin with; the object's kind when left out. */
  readonly typeName?: string;
  readonly library?: SchemaLibrary;
  /** Of custom kinds: how their objects are read, in place of the types. */
  readonly read?: (parsed: JsonObject) => { readonly value: JsonObject; readonly unknownFields: readonly string[] };
}

/** Reads JSON as the kind's types would. Throws DecodeError when that can't be done. */
export function decodeStrictly(schema: ObjectSchema, text: string, options: DecodeOptions = {}): Decoded {
  const parsed = parse(text);
  checkIsObject(parsed);
  const { value, unknownFields, fieldCount } = readCounting(schema, parsed, options);
  const problems = unknownFields.map(problemOf);
  if (!hasMoreFields(text, fieldCount)) return { object: value, problems };
  const duplicates = duplicateFields(text);
  // Go's decoder says both as it reads. What a custom kind doesn't know is found later.
  if (!options.read && problems.length > 0)
    return { object: value, problems: inOrderOfText(text, duplicates, problems) };
  return { object: value, problems: [...duplicates.map((path) => `duplicate field "${path}"`), ...problems] };
}

/** As `decodeStrictly`, for what is parsed already: the result of a patch, which stays as it is. */
export function decodeParsed(schema: ObjectSchema, parsed: unknown, options: DecodeOptions = {}): Decoded {
  checkIsObject(parsed);
  const { value, unknownFields } =
    options.read?.(parsed) ??
    canonicalValue(schema, parsed, options.library ?? schemaLibrary, typeNameOf(parsed, options));
  return { object: value, problems: unknownFields.map(problemOf) };
}

interface Read {
  readonly value: JsonObject;
  readonly unknownFields: readonly string[];
  /** How many fields were given. */
  readonly fieldCount: number;
}

function readCounting(schema: ObjectSchema, parsed: JsonObject, options: DecodeOptions): Read {
  if (options.read) {
    const fieldCount = countOwnFields(parsed);
    return { ...options.read(parsed), fieldCount };
  }
  const typeName = typeNameOf(parsed, options);
  const read = canonicalInPlace(schema, parsed, options.library ?? schemaLibrary, typeName);
  let { fieldCount } = read;
  for (const each of read.passed) fieldCount += countOwnFields(each);
  return { value: read.value, unknownFields: read.unknownFields, fieldCount };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DecodeError("syntax", jsonSyntaxError(text) ?? "invalid JSON", { cause: error });
  }
}

function checkIsObject(parsed: unknown): asserts parsed is JsonObject {
  if (!isJsonObject(parsed)) throw new DecodeError("type", "json: the value is no object");
}

function typeNameOf({ kind }: JsonObject, { typeName }: DecodeOptions): string {
  return typeName ?? (typeof kind === "string" ? kind : "");
}

function problemOf(unknownField: string): string {
  return `unknown field "${unknownField}"`;
}
