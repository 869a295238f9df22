import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";

export const IMMUTABLE = "field is immutable";

/** A field that stays as it was when the object was made. */
export function immutable(next: unknown, current: unknown, field: string, detail = IMMUTABLE): FieldError[] {
  return equalJson(next, current) ? [] : [invalid(field, next, detail)];
}
