import { compileRegexp } from "@fairway/cel";
import { goQuote, goText } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid } from "../../kinds/validation/errors.ts";
import { isIntOrString, isObject, itemsOf, place, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import type { Correlation } from "./correlation.ts";
import { isOfFormat, isSupportedFormat } from "./formats.ts";
import { Result } from "./result.ts";
import type { Mistake } from "./result.ts";
import { isInteger, validateNumber } from "./validate-number.ts";

export interface ValueCheck {
  /** Where the whole value stands, for a part of an object: `status`. */
  readonly base?: string;
  /** What it was before, when it takes the place of another. */
  readonly correlation?: Correlation | undefined;
  /** Formats that nobody knows are looked at as well, so far as they say something of the type. */
  readonly keepsFormats?: boolean;
}

/** What is wrong with a value by its schema, in the words of the real server. Rules (`x-kubernetes-validations`) are another matter. */
export function validateValue(
  value: unknown,
  schema: JsonSchema,
  { base = "", correlation, keepsFormats = false }: ValueCheck = {},
): FieldError[] {
  const result = check(value, schema, { path: "", base, correlation, keepsFormats });
  return result.mistakes.map(({ error }) => error);
}

interface Place {
  /** As sentences name it: `spec.x`, or empty for the whole. */
  readonly path: string;
  readonly base: string;
  readonly correlation: Correlation | undefined;
  readonly keepsFormats: boolean;
}

/** Where an error says that it is. */
function fieldOf({ path, base }: Pick<Place, "path" | "base">): string {
  const trimmed = path.startsWith(".") ? path.slice(1) : path;
  if (trimmed === "") return base === "" ? "<nil>" : base;
  return base === "" ? trimmed : place.child(base, trimmed);
}

function check(value: unknown, schema: JsonSchema, where: Place): Result {
  const result = checkNow(value, schema, where);
  // What was so before may stay so.
  return !result.isValid && where.correlation?.isUnchanged === true ? passed(result) : result;
}

function passed({ matches }: Result): Result {
  const result = new Result();
  result.matches = matches;
  return result;
}

function checkNow(value: unknown, schema: JsonSchema, where: Place): Result {
  const result = new Result();
  if (value === null) {
    result.merge(checkType(value, schema, where));
    result.merge(checkEnum(value, schema, where));
    return result;
  }
  const checks = [
    hasType(schema) || formatOf(schema, where) !== "" ? checkType : undefined,
    checkCombined,
    typeof value === "string" ? checkText : undefined,
    typeof value === "string" && isSupportedFormat(schema.format ?? "") ? checkFormat : undefined,
    typeof value === "number" ? checkNumber : undefined,
    Array.isArray(value) ? checkList : undefined,
    checkEnum,
    isObject(value) ? checkObject : undefined,
  ];
  for (const each of checks) {
    if (each === undefined) continue;
    result.merge(each(value, schema, where));
    result.matches += 1;
  }
  result.matches += 1;
  return result;
}

function hasType(schema: JsonSchema): boolean {
  return (schema.type ?? "") !== "" || isIntOrString(schema);
}

/** Formats that nobody knows say nothing, mostly. */
function formatOf({ format = "" }: JsonSchema, { keepsFormats }: Pick<Place, "keepsFormats">): string {
  return keepsFormats || isSupportedFormat(format) ? format : "";
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (isIntOrString(schema)) return ["integer", "string"];
  return (schema.type ?? "") === "" ? [] : [schema.type ?? ""];
}

function wrongType(expected: string, found: string, where: Place): Mistake {
  const sentence = `${where.path} in body must be of type ${expected}: ${goQuote(found)}`;
  return { sentence, error: typeInvalid(fieldOf(where), found, sentence) };
}

function checkType(value: unknown, schema: JsonSchema, where: Place): Result {
  const result = new Result();
  const types = typesOf(schema);
  result.matches = 1;
  if (value === null) {
    if (types.length > 0 && schema.nullable !== true) return failed(wrongType(types.join(","), "null", where));
    return result;
  }
  const found = typeNameOf(value);
  const isWhole = found === "integer" && types.includes("integer");
  const isNumeric = found === "integer" && types.includes("number");
  const fits = types.includes(found) || isWhole || isNumeric;
  const format = formatOf(schema, where);
  if (typeof value !== "string" && !Array.isArray(value) && format !== "" && !fits)
    return failed(wrongType(format, found === "integer" ? "int64" : found === "number" ? "float64" : "", where));
  const isFormatted = format !== "" && (typeof value === "string" || Array.isArray(value));
  if (isFormatted && !types.includes("number") && !types.includes("integer")) return result;
  return fits ? result : failed(wrongType(types.join(","), found, where));
}

function typeNameOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return isInteger(value) ? "integer" : "number";
  return isObject(value) ? "object" : typeof value;
}

function failed(mistake: Mistake): Result {
  const result = new Result();
  result.add(mistake);
  return result;
}

function checkEnum(value: unknown, schema: JsonSchema, where: Place): Result | undefined {
  const allowed = schema.enum ?? [];
  if (allowed.length === 0 || allowed.some((each) => isAsGo(each, value))) return undefined;
  const sentence = `${where.path} in body should be one of ${goText(allowed)}`;
  const shown = allowed.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  return failed({ sentence, error: notSupported(fieldOf(where), value, shown) });
}

/** Equal after the value was made of the same type as Go makes it: cut to a whole number, or a character of its number. */
function isAsGo(allowed: unknown, value: unknown): boolean {
  if (allowed === null) return false;
  if (equalJson(allowed, value)) return true;
  if (typeof value !== "number") return false;
  if (typeof allowed === "number") return isInteger(allowed) && !isInteger(value) && Math.trunc(value) === allowed;
  const isCharacter = isInteger(value) && value >= 0 && value <= 0x10_ff_ff;
  return typeof allowed === "string" && isCharacter && String.fromCodePoint(value) === allowed;
}

function checkText(value: unknown, schema: JsonSchema, where: Place): Result | undefined {
  const text = String(value);
  const { maxLength, minLength, pattern } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : [...text].length;
  const { path } = where;
  if (maxLength !== undefined && length > maxLength) {
    const sentence = `${path} in body should be at most ${maxLength} chars long`;
    return failed({ sentence, error: tooLong(fieldOf(where), maxLength) });
  }
  if (minLength !== undefined && length < minLength) {
    const sentence = `${path} in body should be at least ${minLength} chars long`;
    return failed({ sentence, error: invalid(fieldOf(where), text, sentence) });
  }
  if (pattern === undefined || pattern === "" || compileRegexp(pattern).matches(text)) return undefined;
  const sentence = `${path} in body should match '${pattern}'`;
  return failed({ sentence, error: invalid(fieldOf(where), text, sentence) });
}

function checkFormat(value: unknown, schema: JsonSchema, where: Place): Result | undefined {
  const { format = "" } = schema;
  const text = String(value);
  if (isOfFormat(format, text)) return undefined;
  return failed(wrongType(format, text, where));
}

function checkNumber(value: unknown, schema: JsonSchema, where: Place): Result {
  const result = new Result();
  for (const mistake of validateNumber(Number(value), schema, where.path)) {
    const { sentence } = mistake;
    result.add({ sentence, error: invalid(fieldOf(where), mistake.value, sentence) });
  }
  result.matches += 1;
  return result;
}

function checkList(value: unknown, schema: JsonSchema, where: Place): Result {
  const list = value as readonly unknown[];
  const result = new Result();
  const items = itemsOf(schema);
  if (items)
    for (const [index, item] of list.entries()) {
      const correlation = where.correlation?.item(index);
      result.merge(check(item, items, { ...where, path: `${where.path}[${index}]`, correlation }));
    }
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems) {
    const sentence = `${where.path} in body should have at least ${minItems} items`;
    result.add({ sentence, error: invalid(fieldOf(where), list.length, sentence) });
  }
  if (maxItems !== undefined && list.length > maxItems) {
    const sentence = `${where.path} in body should have at most ${maxItems} items`;
    result.add({ sentence, error: tooMany(fieldOf(where), list.length, maxItems) });
  }
  result.matches += 1;
  return result;
}

function checkObject(value: unknown, schema: JsonSchema, where: Place): Result {
  const object = value as Readonly<Record<string, unknown>>;
  const result = new Result();
  checkCount(Object.keys(object).length, schema, where, result);
  checkOthers(object, schema, where, result);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(object, name)) continue;
    const path = where.path === "" ? name : `${where.path}.${name}`;
    result.merge(check(object[name], property, { ...where, path, correlation: correlated(where, name) }));
  }
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(object, name)) continue;
    const path = `${where.path}.${name}`;
    result.add({ sentence: `${path} in body is required`, error: required(fieldOf({ ...where, path })) });
  }
  return result;
}

/** What version and kind an object has is never what it was: both are seen in the same version. */
function correlated({ path, correlation }: Place, name: string): Correlation | undefined {
  return path === "" && (name === "apiVersion" || name === "kind") ? undefined : correlation?.key(name);
}

function checkCount(count: number, { minProperties, maxProperties }: JsonSchema, where: Place, result: Result): void {
  if (minProperties !== undefined && count < minProperties) {
    const sentence = `${where.path} in body should have at least ${minProperties} properties`;
    result.add({ sentence, error: invalid(fieldOf(where), count, sentence) });
  }
  if (maxProperties !== undefined && count > maxProperties) {
    const sentence = `${where.path} in body should have at most ${maxProperties} properties`;
    result.add({ sentence, error: tooMany(fieldOf(where), count, maxProperties) });
  }
}

/** Keys that are no properties. */
function checkOthers(
  object: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  where: Place,
  result: Result,
): void {
  const values = valuesOf(schema);
  if (values === undefined && schema.additionalProperties !== false) return;
  for (const [key, inner] of Object.entries(object)) {
    if (propertyOf(schema, key)) continue;
    const path = `${where.path}.${key}`;
    if (values) result.merge(check(inner, values, { ...where, path, correlation: where.correlation?.key(key) }));
    else {
      const sentence = `${path} in body is a forbidden property`;
      result.add({ sentence, error: invalid(fieldOf(where), key, sentence) });
    }
  }
}

/** `anyOf`, `oneOf`, `allOf` and `not`. */
function checkCombined(value: unknown, schema: JsonSchema, where: Place): Result {
  const result = new Result();
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const whole = { ...where, correlation: undefined };
  if (anyOf.length > 0) result.merge(anyFits(value, anyOf, whole));
  if (oneOf.length > 0) result.merge(oneFits(value, oneOf, whole));
  if (allOf.length > 0) result.merge(allFit(value, allOf, whole));
  if (not !== undefined && check(value, not, whole).isValid)
    result.add(combination(where, `${goQuote(where.path)} must not validate the schema (not)`));
  result.matches += 1;
  return result;
}

function combination(where: Place, sentence: string): Mistake {
  return { sentence, error: invalid(fieldOf({ ...where, path: "" }), "", sentence) };
}

function anyFits(value: unknown, schemas: readonly JsonSchema[], where: Place): Result {
  const result = new Result();
  let best: Result | undefined;
  for (const schema of schemas) {
    const found = check(value, schema, where);
    if (found.isValid) return found;
    if (best === undefined || found.matches > best.matches) best = found;
  }
  result.add(combination(where, `${goQuote(where.path)} must validate at least one schema (anyOf)`));
  result.merge(best);
  return result;
}

function oneFits(value: unknown, schemas: readonly JsonSchema[], where: Place): Result {
  const result = new Result();
  let best: Result | undefined;
  let first: Result | undefined;
  let count = 0;
  for (const schema of schemas) {
    const found = check(value, schema, where);
    if (found.isValid) {
      count += 1;
      best = undefined;
      first ??= found;
    } else if (count === 0 && (best === undefined || found.matches > best.matches)) best = found;
  }
  if (count === 1 && first) return first;
  const why = count === 0 ? "Found none valid" : `Found ${count} valid alternatives`;
  result.add(combination(where, `${goQuote(where.path)} must validate one and only one schema (oneOf). ${why}`));
  result.merge(best);
  return result;
}

function allFit(value: unknown, schemas: readonly JsonSchema[], where: Place): Result {
  const result = new Result();
  let count = 0;
  for (const schema of schemas) {
    const found = check(value, schema, where);
    if (found.isValid) count += 1;
    result.merge(found);
  }
  const why = count === 0 ? ". None validated" : "";
  if (count !== schemas.length)
    result.add(combination(where, `${goQuote(where.path)} must validate all the schemas (allOf)${why}`));
  return result;
}
