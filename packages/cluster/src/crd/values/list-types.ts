import { compareBytes } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import { duplicate, invalid } from "../../kinds/validation/errors.ts";
import { isObject, itemsOf, place, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/** Items that are twice in a set, or in a list whose items have keys. */
export function validateListTypes(value: unknown, schema: JsonSchema | undefined, path: string): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) return validateList(value, schema, path);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const property = propertyOf(schema, key);
    const errors = property ? validateListTypes(inner, property, place.child(path, key)) : [];
    const values = valuesOf(schema);
    return values ? [...validateListTypes(inner, values, place.key(path, key)), ...errors] : errors;
  });
}

function validateList(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  const items = itemsOf(schema);
  return [
    ...ownErrors(list, schema, path),
    ...list.flatMap((item, index) => validateListTypes(item, items, place.item(path, index))),
  ];
}

function ownErrors(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return duplicates(list).map((index) => duplicate(place.item(path, index), list[index]));
    case "map":
      return keyErrors(list, schema["x-kubernetes-list-map-keys"] ?? [], path);
    default:
      return [];
  }
}

function keyErrors(list: readonly unknown[], keys: readonly string[], path: string): FieldError[] {
  const other = list.findIndex((item) => item !== null && !isObject(item));
  if (other !== -1)
    return [invalid(place.item(path, other), list[other], "must be an object for an array of list-type map")];
  const found = list.map((item) =>
    Object.fromEntries(
      keys
        .toSorted(compareBytes)
        .flatMap((key) => (isObject(item) && Object.hasOwn(item, key) ? [[key, item[key]]] : [])),
    ),
  );
  return duplicates(found).map((index) => duplicate(place.item(path, index), found[index]));
}

/** The second appearance of each. */
function duplicates(list: readonly unknown[]): readonly number[] {
  if (list.length <= 1) return [];
  const times = new Map<string, number>();
  return [...list.keys()].filter((index) => {
    const text = sortedText(list[index]);
    const seen = times.get(text) ?? 0;
    times.set(text, seen + 1);
    return seen === 1;
  });
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => compareBytes(left, right)))
      : inner,
  );
}
