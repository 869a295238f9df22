import type { FieldError } from "../../object/field-error.ts";
import type { CustomResourceDefinition } from "../../schema/data/types/apiextensions-v1.ts";

/** What is wrong with a definition, without its metadata. */
export function validateDefinition(
  definition: CustomResourceDefinition,
  current?: CustomResourceDefinition,
): readonly FieldError[] {
  return definition === current ? [] : [];
}

export function validateDefinitionStatus(definition: CustomResourceDefinition): readonly FieldError[] {
  return definition ? [] : [];
}
