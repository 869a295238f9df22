import type { FieldError } from "../../object/field-error.ts";
import type { PodTemplateSpec } from "../../schema/data/types/core-v1.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { isEmptySelector, selectorMatches, validateLabelSelector } from "../validation/labels.ts";
import type { LabelSelector } from "../validation/labels.ts";
import { internalForm, sortedMap } from "../validation/internal-form.ts";

const MISMATCH = "`selector` does not match template `labels`";

/** The selector of a controller of pods. */
export function validateSelector(
  selector: LabelSelector | null | undefined,
  field: string,
  controller: string,
): FieldError[] {
  if (!selector) return [required(field)];
  const errors = validateLabelSelector(selector, field);
  if (isEmptySelector(selector))
    errors.push(invalid(field, internalForm("LabelSelector", selector), `empty selector is invalid for ${controller}`));
  return errors;
}

/** Whether a template's labels are what is selected; everything is by an empty selector, nothing without one. */
export function validateSelected(
  selector: LabelSelector | null | undefined,
  template: PodTemplateSpec,
  field: string,
): FieldError[] {
  const { labels } = template.metadata;
  if (selector && selectorMatches(selector, labels)) return [];
  return [invalid(`${field}.metadata.labels`, labels ? sortedMap(labels) : null, MISMATCH)];
}

/** Whether requirements can be made of it at all; the template isn't looked at when they can't. */
export function isReadable(selector: LabelSelector | null | undefined): boolean {
  return validateLabelSelector(selector, "").length === 0;
}

/** What pods that are always started again may not ask for. */
export function validateLasting({ spec }: PodTemplateSpec, field: string, controller: string): FieldError[] {
  const { restartPolicy = "", activeDeadlineSeconds } = spec;
  const errors: FieldError[] = [];
  if (restartPolicy !== "Always") errors.push(notSupported(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${controller} is not Supported`;
    errors.push(forbidden(`${field}.spec.activeDeadlineSeconds`, detail));
  }
  return errors;
}

/** The selector and the template of a replica set, and of a deployment that makes them. */
export function validateReplicated(
  selector: LabelSelector | null | undefined,
  template: PodTemplateSpec,
  field: string,
): FieldError[] {
  const errors = validateSelector(selector, `${field}.selector`, "deployment");
  if (!isReadable(selector)) {
    const shown = internalForm("LabelSelector", selector ?? undefined);
    return [...errors, invalid(`${field}.selector`, shown, "invalid label selector")];
  }
  const place = `${field}.template`;
  return [
    ...errors,
    ...validateSelected(selector, template, place),
    ...validatePodTemplate(template, place),
    ...validateLasting(template, place, "ReplicaSet"),
  ];
}
