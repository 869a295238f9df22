import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";

export function validateNoBacksteps(path: string, field: string): FieldError[] {
  return path.split(/[\\/]/).includes("..") ? [invalid(field, path, "must not contain '..'")] : [];
}

/** Below the folder that it is in. */
export function validateDescendingPath(path: string, field: string): FieldError[] {
  const errors = path.startsWith("/") ? [invalid(field, path, "must be a relative path")] : [];
  return [...errors, ...validateNoBacksteps(path, field)];
}

/** A file name in a volume, where names that begin with two dots are the kubelet's. */
export function validateFilePath(path: string, field: string): FieldError[] {
  const errors = validateDescendingPath(path, field);
  const isReserved = path.startsWith("..") && !path.startsWith("../");
  return isReserved ? [...errors, invalid(field, path, "must not start with '..'")] : errors;
}
