import type { PodDisruptionBudget } from "../../schema/data/types/policy-v1.ts";
import type { FieldError } from "../../object/field-error.ts";
import { defineKind } from "../define-kind.ts";
import { invalid, notSupported } from "../validation/errors.ts";
import { internalJson } from "../validation/internal-json.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { pathSegmentName } from "../validation/names.ts";
import { atMostAll, countOrPercent, nonNegative } from "../validation/numbers.ts";

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  updatesUnconditionally: false,
  shortNames: ["pdb"],
  hasStatus: true,
  generationOf: ["spec"],
  nameRule: pathSegmentName,
  hasStandardFinalizers: false,
  updateChecks: ["whole"],
  validate: validateBudget,
  validateStatusUpdate: ({ status }) =>
    (["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const).flatMap((name) =>
      nonNegative(status[name], `status.${name}`),
    ),
  cells: {
    "Min Available": ({ spec }) => String(spec.minAvailable ?? "N/A"),
    "Max Unavailable": ({ spec }) => String(spec.maxUnavailable ?? "N/A"),
    "Allowed Disruptions": ({ status }) => status.disruptionsAllowed,
  },
});

function validateBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable: least, maxUnavailable: most, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (least !== undefined && most !== undefined) {
    const fields = ["minAvailable", "selector", "maxUnavailable", "unhealthyPodEvictionPolicy"];
    const detail = "minAvailable and maxUnavailable cannot be both set";
    errors.push(invalid("spec", internalJson({ ...spec }, fields), detail));
  }
  for (const name of ["minAvailable", "maxUnavailable"] as const)
    errors.push(...countOrPercent(spec[name], `spec.${name}`), ...atMostAll(spec[name], `spec.${name}`));
  errors.push(...validateLabelSelector(spec.selector, "spec.selector"));
  const policies = ["AlwaysAllow", "IfHealthyBudget"];
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, policies));
  return errors;
}
