import { getOwn, isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import { labelOf } from "./atom.ts";
import type { ListAtom } from "./atom.ts";
import { compareElements, compareValues, jsonText, valueElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** The step to an item of a list with keys or of a set; undefined when there is something wrong with the item. */
export function elementOf(library: SchemaLibrary, list: ListAtom, item: unknown): PathElement | undefined {
  switch (list.listType) {
    case "atomic":
      return undefined;
    case "map":
      return isJsonObject(item) ? keyedElement(library, list, item) : undefined;
    default:
      return typeof item === "object" ? undefined : valueElement(item);
  }
}

/** The same, or what is wrong with the item. */
export function itemElement(library: SchemaLibrary, list: ListAtom, item: unknown): ItemElement {
  const element = elementOf(library, list, item);
  return element === undefined ? { problem: problemOf(list, item) } : { element };
}

export type ItemElement = { readonly element: PathElement } | { readonly problem: string };

function keyedElement(library: SchemaLibrary, list: ListAtom, item: JsonObject): PathElement | undefined {
  let text = "";
  for (const key of list.keys) {
    const value = keyValue(library, list, item, key.name);
    if (value !== undefined) text += (text === "" ? key.first : key.next) + jsonText(value);
  }
  return text === "" ? undefined : `${text}}`;
}

function keyValue(library: SchemaLibrary, list: ListAtom, item: JsonObject, key: string): unknown {
  return Object.hasOwn(item, key) ? item[key] : keyDefault(library, list, key);
}

function keyDefault(library: SchemaLibrary, list: ListAtom, key: string): unknown {
  const items = library.resolve(list.items);
  if (items.type !== "object" || !Object.hasOwn(items.fields, key)) return undefined;
  const field = items.fields[key];
  if (field === undefined) return undefined;
  // What Go always writes has its zero value for a default.
  return library.resolve(field).default ?? items.zeros?.[key];
}

function problemOf(list: ListAtom, item: unknown): string {
  if (list.listType === "atomic") return "invalid indexing of non-associative list";
  if (list.listType === "set") {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    if (Array.isArray(item)) return "not supported: associative list with lists as elements";
    return "associative list without keys has an element that's a map type";
  }
  if (item === null || item === undefined) return "associative list with keys may not have a null element";
  if (!isJsonObject(item)) return "associative list with keys may not have non-map elements";
  const names = list.keys.map(({ name }) => jsonText(name)).join(" ");
  return `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`;
}

/** An item of a list with keys or of a set, and the step to it. */
export interface Item {
  readonly element: PathElement;
  /** The step as it stands in a JSON text of fields, behind a comma. */
  readonly label: string;
  readonly value: unknown;
  /** There are others with the same step, which are left out. */
  readonly isRepeated: boolean;
}

/** The items that there are steps to, in the order of the steps. */
export function itemsInOrder(library: SchemaLibrary, list: ListAtom, values: readonly unknown[]): readonly Item[] {
  const items: Item[] = [];
  let isInOrder = true;
  for (const value of values) {
    const element = elementOf(library, list, value);
    if (element === undefined) continue;
    const last = items.at(-1);
    const item = { element, label: labelOf(element), value, isRepeated: false };
    isInOrder &&= last === undefined || compareItems(list, last, item) < 0;
    items.push(item);
  }
  return isInOrder ? items : oneOfEach(items.sort((left, right) => compareItems(list, left, right)));
}

/** Of items that are in order. */
function oneOfEach(items: readonly Item[]): readonly Item[] {
  const kept: Item[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    if (last?.element === item.element) kept[kept.length - 1] = { ...last, isRepeated: true };
    else kept.push(item);
  }
  return kept;
}

/** Steps to items are compared by what is in the items, so that nothing has to be read out of the steps again. */
function compareItems({ listType, keys }: ListAtom, left: Item, right: Item): number {
  if (left.element === right.element) return 0;
  if (listType !== "map") return compareValues(left.value, right.value);
  for (const { name } of keys) {
    const leftValue = getOwn(left.value as JsonObject, name);
    const rightValue = getOwn(right.value as JsonObject, name);
    // A default stands for it, or the other's next key.
    if (leftValue === undefined || rightValue === undefined) return compareElements(left.element, right.element);
    const order = compareValues(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return 0;
}
