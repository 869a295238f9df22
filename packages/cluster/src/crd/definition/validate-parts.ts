import { duplicate, invalid, required, tooMany } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
  SelectableField,
} from "../../schema/data/types/apiextensions-v1.ts";
import type { JsonSchema } from "../json-schema.ts";
import { selectableFieldsMax } from "../limits.ts";
import { findPath } from "../rules/field-path.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

export function validateColumn(column: CustomResourceColumnDefinition, field: string): FieldError[] {
  const { name, type, format = "", jsonPath } = column;
  const errors: FieldError[] = [];
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (name === "") errors.push(required(`${field}.name`));
  if (type === "") errors.push(required(`${field}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${field}.type`, type, types));
  if (format !== "" && !COLUMN_FORMATS.includes(format))
    errors.push(invalid(`${field}.format`, format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  if (jsonPath === "") errors.push(required(`${field}.JSONPath`));
  else errors.push(...simplePath(jsonPath, `${field}.JSONPath`));
  return errors;
}

function simplePath(path: string, field: string): FieldError[] {
  return path.startsWith(".") ? [] : [invalid(field, path, "must be a simple json path starting with .")];
}

export function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  field: string,
): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const errors: FieldError[] = [];
  for (const [name, path, root] of [
    ["specReplicasPath", scale.specReplicasPath, ".spec"],
    ["statusReplicasPath", scale.statusReplicasPath, ".status"],
  ] as const) {
    const at = `${field}.scale.${name}`;
    const problems = path === "" ? [required(at)] : simplePath(path, at);
    if (problems.length > 0) errors.push(...problems);
    else if (!path.startsWith(`${root}.`)) errors.push(invalid(at, path, `should be a json path under ${root}`));
  }
  const { labelSelectorPath: path = "" } = scale;
  if (path === "") return errors;
  const at = `${field}.scale.labelSelectorPath`;
  const problems = simplePath(path, at);
  if (problems.length > 0) errors.push(...problems);
  else if (!/^\.(spec|status)\./.test(path))
    errors.push(invalid(at, path, "should be a json path under either .spec or .status"));
  return errors;
}

const SELECTABLE_TYPES = new Set(["string", "boolean", "integer"]);

export interface SelectableFields {
  readonly fields: readonly SelectableField[];
  readonly schema: JsonSchema;
  readonly field: string;
  /** There were as many before. */
  readonly mayBeMany: boolean;
}

export function validateSelectableFields({ fields, schema, field, mayBeMany }: SelectableFields): FieldError[] {
  const errors: FieldError[] = [];
  const known = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const at = `${field}[${index}].jsonPath`;
    if (jsonPath === "") {
      errors.push(required(at));
      continue;
    }
    const found = findPath(jsonPath, schema, { hasBrackets: false });
    if ("problem" in found) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (/^metadata(\.|\[|$)/.test(found.path))
      errors.push(invalid(at, jsonPath, "must not point to fields in metadata"));
    if (!SELECTABLE_TYPES.has(found.schema?.type ?? ""))
      errors.push(
        invalid(
          at,
          jsonPath,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ),
      );
    if (known.has(found.path)) errors.push(duplicate(at, jsonPath));
    known.add(found.path);
  }
  if (known.size > selectableFieldsMax && !mayBeMany) errors.push(tooMany(field, known.size, selectableFieldsMax));
  return errors;
}

export function validateDeprecation(isDeprecated: boolean, warning: string | undefined, field: string): FieldError[] {
  if (warning === undefined) return [];
  if (!isDeprecated) return [invalid(field, warning, "can only be set for deprecated versions")];
  const errors: FieldError[] = [];
  if (Buffer.byteLength(warning) > 256) errors.push(invalid(field, warning, "must be <= 256 characters long"));
  if (warning === "") errors.push(invalid(field, warning, "must not be an empty string"));
  const bad = [...warning].findIndex((character) => !/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character));
  if (bad === -1) return errors;
  const index = Buffer.byteLength([...warning].slice(0, bad).join(""));
  const problem = `must only contain printable UTF-8 characters; non-printable character found at index ${index}`;
  return [...errors, invalid(field, warning, problem)];
}
