export type { CallContext } from "./call-context.ts";
export { type TemplateErrorCode, type TemplatePlace, TemplateError } from "./errors.ts";
export { type Argument, type Arguments, GoFunction, defineContextFunction, defineFunction } from "./go-function.ts";
export {
  byteLength,
  bytesToString,
  compareStrings,
  firstRunes,
  hasRawBytes,
  runeCount,
  sliceBytes,
  stringToBytes,
} from "./go-string.ts";
export {
  type FloatKind,
  type GoKind,
  type GoType,
  type IntKind,
  type NumberKind,
  type UintKind,
  canonicalTypeName,
  mapType,
  sliceType,
} from "./go-type.ts";
export { type TemplateLimits, defaultLimits } from "./limits.ts";
export { TemplateSet } from "./template-set.ts";
export {
  type GoMap,
  GoNil,
  GoNumber,
  GoStruct,
  declaredType,
  goNumber,
  isGoMap,
  isTrue,
  kindOf,
  mapGet,
  mapHas,
  mapKeys,
  mapSet,
  typeName,
  withType,
  zeroValue,
} from "./value.ts";
