export { decode, decodeAll } from "./decode.ts";
export type { DecodeOneOptions } from "./decode.ts";
export { encode } from "./encode/encode.ts";
export type { EncodeOptions } from "./encode/encode.ts";
export { defaultLimits } from "./limits.ts";
export type { YamlLimits } from "./limits.ts";
export type { DecodeOptions } from "./options.ts";
export { YamlError } from "./yaml-error.ts";
export type { Position, YamlErrorCode, YamlProblem } from "./yaml-error.ts";
