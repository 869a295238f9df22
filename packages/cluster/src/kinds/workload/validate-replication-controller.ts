import type { FieldError } from "../../object/field-error.ts";
import type { ControllerRevision } from "../../schema/data/types/apps-v1.ts";
import type { ReplicationController } from "../../schema/data/types/core-v1.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { required } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { nonNegative } from "../validation/numbers.ts";
import { validateLasting, validateSelected } from "./validate-template.ts";

export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const { selector = {}, template } = spec;
  const isEmpty = Object.keys(selector).length === 0;
  const errors = nonNegative(spec.minReadySeconds, "spec.minReadySeconds");
  if (isEmpty) errors.push(required("spec.selector"));
  errors.push(...nonNegative(spec.replicas, "spec.replicas"));
  if (!template) return [...errors, required("spec.template")];
  return [
    ...errors,
    ...(isEmpty ? [] : validateSelected({ matchLabels: selector }, template, "spec.template")),
    ...validatePodTemplate(template, "spec.template"),
    ...validateLasting(template, "spec.template", "ReplicationController"),
  ];
}

export function validateRevision({ data, revision }: ControllerRevision): FieldError[] {
  const errors = nonNegative(revision, "revision");
  if (data === null || data === undefined) return [...errors, required("data", "data is mandatory")];
  const isObject = typeof data === "object" && !Array.isArray(data);
  return isObject ? errors : [...errors, required("data", "data must be a valid JSON object")];
}

export function validateRevisionUpdate(next: ControllerRevision, current: ControllerRevision): FieldError[] {
  return [...nonNegative(next.revision, "revision"), ...immutable(next.data, current.data, "data")];
}
