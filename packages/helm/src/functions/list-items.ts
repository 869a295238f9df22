import { GoNil, GoNumber, kindOf } from "@fairway/gotemplate";
import { nilDereference } from "./go-panic.ts";

/** The elements of a value of kind slice. */
export function listItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Uint8Array) return Array.from(value, (byte) => new GoNumber("uint8", byte));
  return [];
}

/** The elements of a list; `complaint` starts the message for anything else, its kind ends it. */
export function requireList(value: unknown, complaint: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (value === null || value === undefined) throw nilDereference();
  const kind = kindOf(value);
  if (kind !== "slice") throw new Error(`${complaint} ${kind}`);
  return value instanceof GoNil ? [] : listItems(value);
}
