import { getField, peekField, requireKind } from "../node/fields.ts";
import { isEmptyMap, isMissingOrNull, textOf } from "../node/node.ts";
import type { Node } from "../node/node.ts";

/**
 * Puts the element in the place of those that have these values under these keys, or at the end; without an element those are
 * removed. Nulls and empty maps of the list are dropped on the way, and so is, when no values are given, what has not the keys.
 */
export function setElement(
  list: Node,
  element: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): void {
  requireKind(list, "sequence");
  const matchesMappings = (keys[0] ?? "") !== "" && (values[0] ?? "") !== "";
  const content: Node[] = [];
  let isFound = false;
  for (const item of list.content) {
    if (isEmptyMap(item)) continue;
    if (item.kind !== "mapping" && matchesMappings) {
      content.push(item);
      continue;
    }
    if (!hasValues(item, keys, values)) {
      if (values.length > 0) content.push(item);
      continue;
    }
    isFound = true;
    if (element !== undefined) content.push(element);
  }
  list.content = content;
  if (element !== undefined && !isMissingOrNull(element) && !isFound) list.content.push(element);
}

function hasValues(item: Node, keys: readonly string[], values: readonly string[]): boolean {
  return keys.every((key, index) => {
    const value = values[index];
    if (value === undefined) return index > 0 && values.length > 0;
    if (key === "") {
      requireKind(item, "scalar");
      return textOf(item) === value;
    }
    const field = getField(item, key);
    return field !== undefined && (value === "" || field.value === value);
  });
}

/** The values under the keys, one list an element; an absent or empty value is the empty text. */
export function elementValues(list: Node, keys: readonly string[]): string[][] {
  return list.content.map((item) =>
    keys.map((key) => {
      const field = peekField(item, key);
      const isAbsent =
        field === undefined || isEmptyMap(field) || (field.kind === "sequence" && field.content.length === 0);
      return isAbsent ? "" : field.value;
    }),
  );
}
