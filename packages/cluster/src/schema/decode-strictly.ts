import { isJsonObject } from "../object/json-value.ts";
import { jsonSyntaxError } from "../object/json-syntax.ts";
import type { JsonObject } from "../object/json-value.ts";
import { canonicalValue } from "./canonical.ts";
import { DecodeError } from "./decode-error.ts";
import { countFields, countOwnFields, duplicateFields, inOrderOfText } from "./duplicate-fields.ts";
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
  const { object, problems } = decodeParsed(schema, parsed, options);
  if (countFields(text) === countOwnFields(parsed)) return { object, problems };
  const duplicates = duplicateFields(text);
  // Go's decoder says both as it reads. What a custom kind doesn't know is found later.
  if (!options.read && problems.length > 0) return { object, problems: inOrderOfText(text, duplicates, problems) };
  return { object, problems: [...duplicates.map((path) => `duplicate field "${path}"`), ...problems] };
}

/** As `decodeStrictly`, for what is parsed already: the result of a patch. */
export function decodeParsed(schema: ObjectSchema, parsed: unknown, options: DecodeOptions = {}): Decoded {
  if (!isJsonObject(parsed)) throw new DecodeError("type", "json: the value is no object");
  const typeName = options.typeName ?? (typeof parsed["kind"] === "string" ? parsed["kind"] : "");
  const { value, unknownFields } =
    options.read?.(parsed) ?? canonicalValue(schema, parsed, options.library ?? schemaLibrary, typeName);
  return { object: value, problems: unknownFields.map((path) => `unknown field "${path}"`) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DecodeError("syntax", jsonSyntaxError(text) ?? "invalid JSON", { cause: error });
  }
}
