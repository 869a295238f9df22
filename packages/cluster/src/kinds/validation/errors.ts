import { goQuote, goText } from "../../object/go-text.ts";
import type { FieldError, FieldErrorReason } from "../../object/field-error.ts";

/**
 * The wording of field errors, one function for each reason.
 *
 * Rules that every write goes through take the list to which they add what they find, and return it. Nearly all objects are without fault:
 * they should cost no list for each field, and no text of a path before there is something to say of it.
 */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return error("FieldValueInvalid", field, `Invalid value: ${valueText(value)}`, detail);
}

/** Where no value is shown: it is the whole that does not fit. */
export function forbiddenState(field: string, detail: string): FieldError {
  return error("FieldValueInvalid", field, "Invalid value", detail);
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return error("FieldValueTypeInvalid", field, `Invalid value: ${valueText(value)}`, detail);
}

export function required(field: string, detail = ""): FieldError {
  return error("FieldValueRequired", field, "Required value", detail);
}

export function forbidden(field: string, detail: string): FieldError {
  return error("FieldValueForbidden", field, "Forbidden", detail);
}

export function duplicate(field: string, value: unknown): FieldError {
  return error("FieldValueDuplicate", field, `Duplicate value: ${valueText(value)}`, "");
}

export function notFound(field: string, value: unknown, detail = ""): FieldError {
  return error("FieldValueNotFound", field, `Not found: ${valueText(value)}`, detail);
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(goQuote).join(", ")}` : "";
  return error("FieldValueNotSupported", field, `Unsupported value: ${valueText(value)}`, detail);
}

export function tooLong(field: string, bytesMax: number): FieldError {
  return error(
    "FieldValueTooLong",
    field,
    "Too long",
    `may not be more than ${bytesMax} ${bytesMax === 1 ? "byte" : "bytes"}`,
  );
}

export function tooMany(field: string, count: number, countMax: number): FieldError {
  return error(
    "FieldValueTooMany",
    field,
    `Too many: ${count}`,
    `must have at most ${countMax} ${countMax === 1 ? "item" : "items"}`,
  );
}

/** One error for each message. */
export function eachInvalid(field: string, value: unknown, messages: readonly string[]): FieldError[] {
  return messages.map((message) => invalid(field, value, message));
}

/** All that is wrong with an object, as one sentence: `Pod "a" is invalid: [...]`. */
export function invalidMessage(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): string {
  const subject = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const sentences = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const all = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
  return `${subject} ${goQuote(name)} is invalid: ${all}`;
}

function error(reason: FieldErrorReason, field: string, start: string, detail: string): FieldError {
  return { reason, field, message: detail === "" ? start : `${start}: ${detail}` };
}

/** A value as it stands in a message: texts quoted as Go does, others as JSON. */
function valueText(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") return goText(value);
  return value === undefined ? "null" : goJson(value);
}

/** As Go's encoder writes it, which keeps what means something in HTML out of it. */
export function goJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
