import { GoNil, bytesToString, declaredType, kindOf, sliceType, sprintf, withType } from "@fairway/gotemplate";
import { listItems } from "./list-items.ts";

export const stringsType = sliceType("string");

/** The text of any value: bytes as they are, otherwise what %v prints. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return bytesToString(value);
  return sprintf("%v", value);
}

/** A value as []string: lists without their nils, nil as an empty list, anything else as a list of one. */
export function textsOf(value: unknown): string[] {
  if (value === null) return stringList([]);
  if (kindOf(value) !== "slice") return stringList([textOf(value)]);
  if (Array.isArray(value) && declaredType(value)?.name === stringsType.name) return value as string[];
  const items = listItems(value);
  return stringList(items.filter((item) => item !== null && item !== undefined).map(textOf));
}

export function stringList(items: readonly string[]): string[] {
  return withType(stringsType, [...items]);
}

export function nilStrings(): GoNil {
  return new GoNil(stringsType);
}
