import { declaredType, isGoMap, mapKeys, mapSet, withType } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { functionLimits } from "./limits.ts";

/** New maps and lists all the way down; everything else cannot be changed by a template and stays. */
export function deepCopy(value: unknown, depth = 0): unknown {
  if (depth > functionLimits.nestingMax) throw new Error("deepCopy error: the value is nested too deeply");
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) {
    return typedAs(
      value,
      value.map((item) => deepCopy(item, depth + 1)),
    );
  }
  if (!isGoMap(value)) return value;
  const copy: GoMap = {};
  for (const key of mapKeys(value)) mapSet(copy, key, deepCopy(value[key], depth + 1));
  return typedAs(value, copy);
}

function typedAs<T extends unknown[] | GoMap>(original: object, copy: T): T {
  const type = declaredType(original);
  return type === undefined ? copy : withType(type, copy);
}
