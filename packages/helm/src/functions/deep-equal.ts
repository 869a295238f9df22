import { GoFunction, GoNil, GoNumber, GoStruct, isGoMap, typeName } from "@fairway/gotemplate";
import { functionLimits } from "./limits.ts";

/** reflect.DeepEqual: types count, so that the int 1 and the int64 1 differ, and a nil list and an empty one too. */
export function deepEqual(left: unknown, right: unknown, depth = 0): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) {
    return (left ?? null) === (right ?? null);
  }
  if (left instanceof GoFunction || right instanceof GoFunction) return false;
  if (typeName(left) !== typeName(right)) return false;
  if (left === right) return true;
  if (depth > functionLimits.nestingMax) throw new Error("deepEqual: the values are nested too deeply");
  return equalObjects(left, right, depth + 1);
}

function equalObjects(left: object, right: object, depth: number): boolean {
  if (left instanceof GoNil || right instanceof GoNil) return left instanceof GoNil && right instanceof GoNil;
  if (left instanceof GoNumber && right instanceof GoNumber) return left.value === right.value;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => deepEqual(item, right[index], depth));
  }
  if (left instanceof GoStruct && right instanceof GoStruct) return equalMaps(left.fields, right.fields, depth);
  return isGoMap(left) && isGoMap(right) && equalMaps(left, right, depth);
}

function equalMaps(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
  depth: number,
): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key], depth));
}
