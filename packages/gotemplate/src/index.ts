export type { CallContext } from "./call-context.ts";
export { type TemplateErrorCode, type TemplatePlace, TemplateError } from "./errors.ts";
export { formatValue, sprint, sprintf, sprintln } from "./fmt/printf.ts";
export { FunctionTable } from "./function-table.ts";
export { htmlEscape, jsEscape, queryEscape } from "./builtins/escape.ts";
export { equal, less, lessOrEqual } from "./builtins/compare.ts";
export { indexValue, lengthOf, sliceValue } from "./builtins/index-value.ts";
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
export type { ParsedTemplate, ParsedTemplates } from "./parse/parsed-template.ts";
export { type ParseOptions, TemplateCache, parseTemplate } from "./parse-template.ts";
export { canBackquote, quote, quoteRune } from "./strconv/quote.ts";
export { type FloatFormat, formatFloat } from "./strconv/format-float.ts";
export { parseFloat64, parseInt64, parseUint64 } from "./strconv/parse-number.ts";
export { unquote } from "./strconv/unquote.ts";
export { type MissingKey, type TemplateSetOptions, TemplateSet } from "./template-set.ts";
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
