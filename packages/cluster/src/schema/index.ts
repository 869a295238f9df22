export { canonicalValue } from "./canonical.ts";
export { DecodeError } from "./decode-error.ts";
export { decodeParsed, decodeStrictly } from "./decode-strictly.ts";
export type { DecodeOptions, Decoded } from "./decode-strictly.ts";
export { librarySchemaNames, objectSchema, schemaLibrary } from "./library.ts";
