import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";
import { internalForm } from "./internal-form.ts";

export const IMMUTABLE = "field is immutable";

/** A field that stays as it was when the object was made. */
export function immutable(next: unknown, current: unknown, field: string, detail = IMMUTABLE): FieldError[] {
  return equalJson(next, current) ? [] : [invalid(field, next, detail)];
}

/** The same of a struct, which is shown as one of this type. */
export function immutableStruct(
  type: string,
  next: object | undefined,
  current: object | undefined,
  field: string,
): FieldError[] {
  return equalJson(next, current) ? [] : [invalid(field, internalForm(type, next), IMMUTABLE)];
}
