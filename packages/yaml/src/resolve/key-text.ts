import { formatFloat } from "./float-text.ts";
import { isUnsigned64 } from "./number.ts";
import type { Resolved } from "./resolve.ts";

/** The JSON key that sigs.k8s.io/yaml makes of a scalar, or undefined for a key that it refuses (null, uint64). */
export function jsonKey(resolved: Resolved): string | undefined {
  const { kind, value } = resolved;
  if (typeof value === "string") {
    return value;
  }
  if (kind === "float") {
    return formatFloat(Number(value), 32);
  }
  if (value === null || (typeof value === "bigint" && isUnsigned64(value))) {
    return undefined;
  }
  return String(value);
}
