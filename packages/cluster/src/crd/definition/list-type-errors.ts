import { forbidden, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import { itemsOf, propertyOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/** What is wrong with how lists and objects are merged. */
export function listTypeErrors(schema: JsonSchema, path: string): FieldError[] {
  return [
    ...mapTypeErrors(schema, path),
    ...typeErrors(schema, path),
    ...keyErrors(schema, path),
    ...(schema["x-kubernetes-list-type"] === "map" ? keyedListErrors(schema, path) : []),
    ...itemErrors(schema, path),
  ];
}

/** Says that a type has to be another. */
function wrongType(type: string | undefined, field: string, detail: string): FieldError {
  return (type ?? "") === "" ? required(field, detail) : invalid(field, type, detail);
}

function mapTypeErrors(schema: JsonSchema, path: string): FieldError[] {
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType === undefined) return [];
  const errors: FieldError[] = [];
  if (schema.type !== "object")
    errors.push(wrongType(schema.type, `${path}.type`, "must be object if x-kubernetes-map-type is specified"));
  if (mapType !== "atomic" && mapType !== "granular")
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ["atomic", "granular"]));
  return errors;
}

function typeErrors(schema: JsonSchema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === undefined) return [];
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type !== "array")
    errors.push(wrongType(schema.type, `${path}.type`, "must be array if x-kubernetes-list-type is specified"));
  else if (listType === "set" && items) errors.push(...setErrors(items, `${path}.items`));
  if (!["atomic", "set", "map"].includes(listType))
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ["atomic", "set", "map"]));
  return errors;
}

function setErrors(items: JsonSchema, path: string): FieldError[] {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"];
  if (items.type === "array" && listType !== undefined && listType !== "atomic")
    return [invalid(`${path}.x-kubernetes-list-type`, listType, detail)];
  if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
    return [invalid(`${path}.x-kubernetes-map-type`, listType ?? null, detail)];
  return [];
}

function keyErrors(schema: JsonSchema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if ((schema["x-kubernetes-list-map-keys"] ?? []).length === 0 || listType === "map") return [];
  const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
  const field = `${path}.x-kubernetes-list-type`;
  return [listType === undefined ? required(field, detail) : invalid(field, listType, detail)];
}

function keyedListErrors(schema: JsonSchema, path: string): FieldError[] {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const field = `${path}.x-kubernetes-list-map-keys`;
  const items = itemsOf(schema);
  const errors: FieldError[] = [];
  if (keys.length === 0) errors.push(required(field, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined)
    errors.push(required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map"));
  else if (items === undefined)
    errors.push(
      invalid(`${path}.items`, schema.items, "must only have a single schema if x-kubernetes-list-type is map"),
    );
  if (items && items.type !== "object")
    errors.push(
      invalid(`${path}.items.type`, items.type ?? "", "must be object if parent array's x-kubernetes-list-type is map"),
    );
  if (items?.type !== "object") return errors;
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (!property) errors.push(invalid(field, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object")
      errors.push(
        invalid(
          `${path}.items.properties[${key}].type`,
          items.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    if (keys.indexOf(key) < index) errors.push(invalid(field, keys, "must not contain duplicate entries"));
  }
  return errors;
}

/** Items that are found by their keys have to have them. */
function itemErrors(schema: JsonSchema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  const items = itemsOf(schema);
  if (items === undefined || (listType !== "set" && listType !== "map")) return [];
  const errors: FieldError[] = [];
  if (items.nullable === true)
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType === "set") return errors;
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = propertyOf(items, key);
    if (!property) continue;
    const field = `${path}.items.properties[${key}]`;
    const start = "this property is in x-kubernetes-list-map-keys, so it";
    if (!(items.required ?? []).includes(key) && property.default === undefined)
      errors.push(required(`${field}.default`, `${start} must have a default or be a required property`));
    if (property.nullable === true) errors.push(forbidden(`${field}.nullable`, `${start} cannot be nullable`));
  }
  return errors;
}
