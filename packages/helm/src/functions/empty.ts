import { GoNil, GoNumber, GoStruct, isGoMap, kindOf } from "@fairway/gotemplate";

/** What `default` and `empty` take for nothing: nil and the zero values; a struct is always something. */
export function isEmpty(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value === "";
    case "boolean":
      return !value;
    case "number":
      return value === 0;
    case "bigint":
      return value === 0n;
    case "undefined":
      return true;
    default:
      return isEmptyObject(value);
  }
}

function isEmptyObject(value: unknown): boolean {
  if (value === null || value instanceof GoNil) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof GoNumber) return Number(value.value) === 0;
  if (value instanceof GoStruct || kindOf(value) !== "map") return false;
  return isGoMap(value) && Object.keys(value).length === 0;
}
