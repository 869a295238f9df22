import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";

const backstep = /(?:^|[\\/])\.\.(?:[\\/]|$)/;

export function validateNoBacksteps(path: string, field: string, errors: FieldError[] = []): FieldError[] {
  if (backstep.test(path)) errors.push(invalid(field, path, "must not contain '..'"));
  return errors;
}

/** Below the folder that it is in. */
export function validateDescendingPath(path: string, field: string, errors: FieldError[] = []): FieldError[] {
  if (path.startsWith("/")) errors.push(invalid(field, path, "must be a relative path"));
  return validateNoBacksteps(path, field, errors);
}

/** A file name in a volume, where names that begin with two dots are the kubelet's. */
export function validateFilePath(path: string, field: string, errors: FieldError[] = []): FieldError[] {
  validateDescendingPath(path, field, errors);
  if (path.startsWith("..") && !path.startsWith("../")) errors.push(invalid(field, path, "must not start with '..'"));
  return errors;
}
