import type { CelType } from "./cel-type.ts";
import { CelMap, CelObject, Duration, isList, Opaque, Optional, Timestamp, TypeValue, Uint } from "./value.ts";
import type { Value } from "./value.ts";

/** Whether a value can be an argument of the type. */
export function fits(type: CelType, value: Value): boolean {
  switch (type.kind) {
    case "dyn":
    case "param":
      return true;
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "double":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "uint":
      return value instanceof Uint;
    case "bytes":
      return value instanceof Uint8Array;
    case "null":
      return value === null;
    case "list":
      return isList(value) && itemsFit(type, value);
    default:
      return fitsObject(type, value);
  }
}

/** The first item is enough to tell the functions of lists apart. */
function itemsFit(type: CelType, items: readonly Value[]): boolean {
  const [item] = items;
  const [param] = type.params;
  return item === undefined || param === undefined || fits(param, item);
}

function fitsObject(type: CelType, value: Value): boolean {
  switch (type.kind) {
    case "map":
      return value instanceof CelMap;
    case "timestamp":
      return value instanceof Timestamp;
    case "duration":
      return value instanceof Duration;
    case "type":
      return value instanceof TypeValue;
    case "struct":
      return value instanceof CelObject && value.typeName === type.name;
    case "opaque":
      if (type.name === "optional_type") return value instanceof Optional;
      return value instanceof Opaque && value.typeName === type.name;
    default:
      return false;
  }
}
