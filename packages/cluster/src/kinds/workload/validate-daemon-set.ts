import type { FieldError } from "../../object/field-error.ts";
import type { DaemonSet } from "../../schema/data/types/apps-v1.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { invalid } from "../validation/errors.ts";
import { immutableStruct } from "../validation/immutable.ts";
import { isEmptySelector, validateLabelSelector } from "../validation/labels.ts";
import { nonNegative } from "../validation/numbers.ts";
import { validateDaemonSetStrategy } from "./validate-rolling-update.ts";
import { validateCollisions, validateCounts } from "./validate-status.ts";
import { isReadable, validateLasting, validateSelected } from "./validate-template.ts";

export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const { selector, template } = spec;
  const errors = validateLabelSelector(selector, "spec.selector");
  if (isReadable(selector)) errors.push(...validateSelected(selector, template, "spec.template"));
  if (selector && isEmptySelector(selector))
    errors.push(invalid("spec.selector", selector, "empty selector is invalid for daemonset"));
  return [
    ...errors,
    ...validatePodTemplate(template, "spec.template"),
    ...validateLasting(template, "spec.template", "DaemonSet"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...validateDaemonSetStrategy(spec.updateStrategy, "spec.updateStrategy"),
    ...nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
  ];
}

export function validateDaemonSetUpdate(next: DaemonSet, current: DaemonSet): FieldError[] {
  return [
    ...immutableStruct(
      "LabelSelector",
      next.spec.selector ?? undefined,
      current.spec.selector ?? undefined,
      "spec.selector",
    ),
    ...validateDaemonSet(next),
  ];
}

export function validateDaemonSetStatus({ status }: DaemonSet, current: DaemonSet): FieldError[] {
  return [
    ...validateCounts(status, [
      "currentNumberScheduled",
      "numberMisscheduled",
      "desiredNumberScheduled",
      "numberReady",
      "observedGeneration",
      "updatedNumberScheduled",
      "numberAvailable",
      "numberUnavailable",
      "collisionCount",
    ]),
    ...validateCollisions(status, current.status),
  ];
}
