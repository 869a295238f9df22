import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";
import { FINE, maxLength, regexMessage } from "./names.ts";

export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const POSITIVE = "must be greater than zero";
const PORT_MAX = 65_535;
const PORT_NAME_MAX = 15;
export const INT32_MAX = 2 ** 31 - 1;

export function nonNegative(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(field, value, NOT_NEGATIVE)] : [];
}

export function positive(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value <= 0 ? [invalid(field, value, POSITIVE)] : [];
}

export function rangeMessage(least: number, most: number): string {
  return `must be between ${least} and ${most}, inclusive`;
}

export function portNumber(value: number): readonly string[] {
  return value >= 1 && value <= PORT_MAX ? FINE : [rangeMessage(1, PORT_MAX)];
}

/** Parts of letters and digits between single hyphens, with a letter somewhere. */
const portNameForm = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function portName(text: string): readonly string[] {
  const tooLong = maxLength(text, PORT_NAME_MAX);
  if (portNameForm.test(text)) return tooLong;
  const errors = [...tooLong];
  if (!/^[-a-z0-9]+$/.test(text)) errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) errors.push("must contain at least one letter (a-z)");
  if (text.includes("--")) errors.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) errors.push("must not begin or end with a hyphen");
  return errors;
}

export function portNumberOrName(value: number | string, field: string, errors: FieldError[] = []): FieldError[] {
  const messages = typeof value === "number" ? portNumber(value) : portName(value);
  for (const message of messages) errors.push(invalid(field, value, message));
  return errors;
}

/** A count, or a share such as `25%`. */
export function countOrPercent(value: number | string | undefined, field: string): FieldError[] {
  if (typeof value === "number") return nonNegative(value, field);
  if (value === undefined || /^[0-9]+%$/.test(value)) return [];
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return [invalid(field, value, regexMessage(message, "[0-9]+%", "1%", "93%"))];
}

export function atMostAll(value: number | string | undefined, field: string): FieldError[] {
  const isShare = typeof value === "string" && /^[0-9]+%$/.test(value);
  return isShare && Number.parseInt(value, 10) > 100 ? [invalid(field, value, "must not be greater than 100%")] : [];
}
