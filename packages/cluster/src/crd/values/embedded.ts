import { validateMetadata } from "../../kinds/index.ts";
import { invalid, required } from "../../kinds/validation/errors.ts";
import { dns1035Label, pathSegmentName } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ObjectMeta } from "../../object/kube-object.ts";
import type { JsonObject } from "../../object/json-value.ts";
import { hasAdditional, isEmbedded, isObject, itemsOf, place, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/** What is wrong with what whole objects inside the object say of themselves. */
export function validateEmbedded(value: unknown, schema: JsonSchema | undefined, path: string): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => validateEmbedded(item, itemsOf(schema), place.item(path, index)));
  if (!isObject(value)) return [];
  const own = isEmbedded(schema) ? validateOne(value, path) : [];
  const inner = Object.entries(value).flatMap(([key, field]) => {
    const property = propertyOf(schema, key);
    if (property) return validateEmbedded(field, property, place.child(path, key));
    return hasAdditional(schema) ? validateEmbedded(field, valuesOf(schema), place.key(path, key)) : [];
  });
  return [...own, ...inner];
}

function validateOne(object: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["apiVersion", "kind"])
    if (!Object.hasOwn(object, field)) errors.push(required(place.child(path, field)));
  if (Object.hasOwn(object, "apiVersion"))
    errors.push(...versionErrors(object["apiVersion"], place.child(path, "apiVersion")));
  if (Object.hasOwn(object, "kind")) errors.push(...kindErrors(object["kind"], place.child(path, "kind")));
  const metadata = object["metadata"];
  if (isObject(metadata)) {
    const named = { ...metadata, name: metadata["name"] || "fakename" } as ObjectMeta;
    const field = place.child(path, "metadata");
    errors.push(
      ...validateMetadata(named, { isNamespaced: Boolean(metadata["namespace"]), nameRule: pathSegmentName, field }),
    );
  }
  return errors;
}

function versionErrors(value: unknown, field: string): FieldError[] {
  if (typeof value !== "string") return [invalid(field, value, "must be a string")];
  if (value === "") return [invalid(field, value, "must not be empty")];
  return value.split("/").length > 2 ? [invalid(field, value, `unexpected GroupVersion string: ${value}`)] : [];
}

function kindErrors(value: unknown, field: string): FieldError[] {
  if (typeof value !== "string") return [invalid(field, value, "must be a string")];
  if (value === "") return [invalid(field, value, "must not be empty")];
  const errors = dns1035Label(value.toLowerCase());
  if (errors.length === 0) return [];
  return [invalid(field, value, `may have mixed case, but should otherwise match: ${errors.join(",")}`)];
}
