import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { Job, JobSpec, PodFailurePolicyRule, SuccessPolicy } from "../../schema/data/types/batch-v1.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { validateSelected } from "../workload/validate-template.ts";
import { indexesProblem } from "./indexes.ts";
import { domainPath } from "../validation/domain-path.ts";
import { duplicate, eachInvalid, invalid, notSupported, required, tooLong, tooMany } from "../validation/errors.ts";
import { IMMUTABLE, immutable, immutableStruct } from "../validation/immutable.ts";
import { internalForm } from "../validation/internal-form.ts";
import { selectorMatches, validateLabelSelector } from "../validation/labels.ts";
import { byteLength, dnsLabel, qualifiedName } from "../validation/names.ts";
import { nonNegative } from "../validation/numbers.ts";

const PARALLEL_MAX = 100_000;
const MANAGER_BYTES_MAX = 63;
const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;
const NEEDS_INDEXES = "requires indexed completion mode";
const actions = ["Count", "FailIndex", "FailJob", "Ignore"];

export function validateJob({ metadata, spec }: Job): FieldError[] {
  const name = metadata.name ?? "";
  const uid = metadata.uid ?? "";
  const errors: FieldError[] = [];
  if (!spec.manualSelector && spec.selector) {
    const labels = {
      "controller-uid": uid,
      "job-name": name,
      "batch.kubernetes.io/controller-uid": uid,
      "batch.kubernetes.io/job-name": name,
    };
    if (!selectorMatches(spec.selector, labels))
      errors.push(
        invalid("spec.selector", internalForm("LabelSelector", spec.selector), "`selector` not auto-generated"),
      );
  }
  errors.push(...validateWhole(spec, "spec"));
  if (spec.completionMode === "Indexed" && (spec.completions ?? 0) > 0) {
    const host = `${name}-${(spec.completions ?? 0) - 1}`;
    if (dnsLabel(host).length > 0)
      errors.push(invalid("metadata.name", name, `will not able to create pod with invalid DNS label: ${host}`));
  }
  return errors;
}

/** With the selector, which has to find the job's own pods. */
function validateWhole(spec: JobSpec, field: string): FieldError[] {
  const { selector, template } = spec;
  return [
    ...validateJobSpec(spec, field),
    ...(selector ? validateLabelSelector(selector, `${field}.selector`) : [required(`${field}.selector`)]),
    ...validateSelected(selector, template, `${field}.template`),
  ];
}

const fixed = [
  ["completionMode", ""],
  ["podFailurePolicy", "PodFailurePolicy"],
  ["backoffLimitPerIndex", ""],
  ["managedBy", ""],
  ["successPolicy", "SuccessPolicy"],
] as const;

/** What a job does stays as it is; only a job that never began may still be placed elsewhere. */
export function validateJobUpdate(next: Job, current: Job): FieldError[] {
  const { spec } = next;
  const errors = [...validateWhole(spec, "spec"), ...validateCompletions(spec, current.spec)];
  errors.push(...immutableStruct("LabelSelector", spec.selector, current.spec.selector, "spec.selector"));
  const before = structuredClone(current.spec.template);
  const template = structuredClone(spec.template);
  if (current.spec.suspend && current.status.startTime === undefined) {
    for (const each of [before, template]) {
      delete each.metadata.labels;
      delete each.metadata.annotations;
      for (const field of ["nodeSelector", "tolerations", "schedulingGates"] as const) delete each.spec[field];
      if (each.spec.affinity) delete each.spec.affinity.nodeAffinity;
      if (Object.keys(each.spec.affinity ?? {}).length === 0) delete each.spec.affinity;
    }
  }
  if (!equalJson(template, before))
    errors.push(invalid("spec.template", internalForm("PodTemplateSpec", spec.template), IMMUTABLE));
  for (const [field, type] of fixed) {
    const [now, before] = [spec[field], current.spec[field]];
    const isStruct = typeof now === "object" && typeof before !== "string" && typeof before !== "number";
    errors.push(
      ...(isStruct ? immutableStruct(type, now, before, `spec.${field}`) : immutable(now, before, `spec.${field}`)),
    );
  }
  return errors;
}

function validateCompletions(next: JobSpec, current: JobSpec): FieldError[] {
  const field = "spec.completions";
  if (next.completionMode !== "Indexed") return immutable(next.completions ?? null, current.completions ?? null, field);
  if (next.completions === current.completions || next.completions === undefined) return [];
  return next.completions === next.parallelism
    ? []
    : [invalid(field, next.completions, "can only be modified in tandem with spec.parallelism")];
}

const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

/** Without the selector, which a template of jobs does not have. */
export function validateJobSpec(spec: JobSpec, field: string): FieldError[] {
  const errors = counts.flatMap((name) => nonNegative(spec[name], `${field}.${name}`));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${field}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  if (spec.managedBy !== undefined) {
    errors.push(...domainPath(spec.managedBy, `${field}.managedBy`));
    if (byteLength(spec.managedBy) > MANAGER_BYTES_MAX) errors.push(tooLong(`${field}.managedBy`, MANAGER_BYTES_MAX));
  }
  errors.push(...validateMode(spec, field));
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries())
    errors.push(...validateFailureRule(spec, rule, `${field}.podFailurePolicy.rules[${index}]`));
  if (spec.successPolicy) errors.push(...validateSuccess(spec, spec.successPolicy, `${field}.successPolicy`));
  errors.push(...validateReplacement(spec, `${field}.podReplacementPolicy`));
  errors.push(...validatePodTemplate(spec.template, `${field}.template`));
  return [...errors, ...validateRestart(spec, `${field}.template.spec.restartPolicy`)];
}

function validateMode(spec: JobSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { completionMode: mode, parallelism = 0 } = spec;
  if (mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed")
    errors.push(notSupported(`${field}.completionMode`, mode, ["NonIndexed", "Indexed"]));
  if (mode === "Indexed") {
    if (spec.completions === undefined)
      errors.push(required(`${field}.completions`, "when completion mode is Indexed"));
    if (parallelism > PARALLEL_MAX) {
      const detail = `must be less than or equal to ${PARALLEL_MAX} when completion mode is Indexed`;
      errors.push(invalid(`${field}.parallelism`, parallelism, detail));
    }
    if (spec.completions !== undefined && (spec.maxFailedIndexes ?? 0) > spec.completions)
      errors.push(
        invalid(`${field}.maxFailedIndexes`, spec.maxFailedIndexes, "must be less than or equal to completions"),
      );
  }
  if (mode === undefined || mode === "NonIndexed") {
    for (const name of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
      if (spec[name] !== undefined) errors.push(invalid(`${field}.${name}`, spec[name], NEEDS_INDEXES));
  }
  return errors;
}

function validateFailureRule(spec: JobSpec, rule: PodFailurePolicyRule, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (action === "FailIndex" && spec.backoffLimitPerIndex === undefined)
    errors.push(invalid(`${field}.action`, action, "requires the backoffLimitPerIndex to be set"));
  else if (!actions.includes(action)) errors.push(notSupported(`${field}.action`, action, actions));
  if (onExitCodes) errors.push(...validateExitCodes(spec, onExitCodes, `${field}.onExitCodes`));
  for (const [index, { type, status }] of onPodConditions.entries()) {
    const place = `${field}.onPodConditions[${index}]`;
    errors.push(...eachInvalid(`${place}.type`, type, qualifiedName(type)));
    const states = ["False", "True", "Unknown"];
    if (!states.includes(status ?? "")) errors.push(notSupported(`${place}.status`, status ?? "", states));
  }
  const isBoth = onExitCodes && onPodConditions.length > 0;
  const isNone = !onExitCodes && onPodConditions.length === 0;
  if (isBoth || isNone) {
    const rest = isBoth
      ? "specifying both OnExitCodes and OnPodConditions is not supported"
      : "specifying one of OnExitCodes and OnPodConditions is required";
    errors.push({ reason: "FieldValueInvalid", field, message: `Invalid value: ${rest}` });
  }
  return errors;
}

function validateExitCodes(
  spec: JobSpec,
  { operator, containerName, values }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const codes = values ?? [];
  if (operator !== "In" && operator !== "NotIn")
    errors.push(notSupported(`${field}.operator`, operator, ["In", "NotIn"]));
  const { containers, initContainers = [] } = spec.template.spec;
  const names = [...(containers ?? []), ...initContainers].map(({ name }) => name);
  if (containerName !== undefined && !names.includes(containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.push(invalid(`${field}.containerName`, containerName, detail));
  }
  if (codes.length === 0) errors.push(invalid(`${field}.values`, codes, "at least one value is required"));
  else if (codes.length > EXIT_CODES_MAX) errors.push(tooMany(`${field}.values`, codes.length, EXIT_CODES_MAX));
  const seen = new Set<number>();
  for (const [index, code] of codes.entries()) {
    const place = `${field}.values[${index}]`;
    if (operator === "In" && code === 0) errors.push(invalid(place, code, "must not be 0 for the In operator"));
    if (seen.has(code)) errors.push(duplicate(place, code));
    seen.add(code);
  }
  if (codes.some((code, index) => index > 0 && (codes[index - 1] ?? 0) > code))
    errors.push(invalid(`${field}.values`, codes, "must be ordered"));
  return errors;
}

function validateSuccess(spec: JobSpec, policy: SuccessPolicy, field: string): FieldError[] {
  const rules = policy.rules ?? [];
  if (spec.completionMode !== "Indexed") {
    return [invalid(field, internalForm("SuccessPolicy", policy), NEEDS_INDEXES)];
  }
  if (rules.length === 0)
    return [required(`${field}.rules`, "at least one rules must be specified when the successPolicy is specified")];
  const errors = rules.length > RULES_MAX ? [tooMany(`${field}.rules`, rules.length, RULES_MAX)] : [];
  for (const [index, { succeededCount, succeededIndexes }] of rules.entries()) {
    const place = `${field}.rules[${index}]`;
    if (succeededCount === undefined && succeededIndexes === undefined)
      errors.push(required(place, "at least one of succeededCount or succeededIndexes must be specified"));
    const problem =
      succeededIndexes === undefined ? undefined : indexesProblem(succeededIndexes, spec.completions ?? 0);
    if (problem !== undefined) {
      const detail = `error parsing succeededIndexes: ${problem}`;
      errors.push(invalid(`${place}.succeededIndexes`, succeededIndexes, detail));
    }
    errors.push(...nonNegative(succeededCount, `${place}.succeededCount`));
    if (succeededCount !== undefined && succeededCount > (spec.completions ?? 0)) {
      const detail = `must be less than or equal to ${spec.completions} (the number of specified completions)`;
      errors.push(invalid(`${place}.succeededCount`, succeededCount, detail));
    }
  }
  return errors;
}

function validateReplacement(spec: JobSpec, field: string): FieldError[] {
  const policy = spec.podReplacementPolicy;
  if (policy === undefined) return [];
  const supported = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return supported.includes(policy) ? [] : [notSupported(field, policy, supported)];
}

function validateRestart(spec: JobSpec, field: string): FieldError[] {
  const policy = spec.template.spec.restartPolicy ?? "";
  if (policy === "Always" || policy === "") return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== "OnFailure" && policy !== "Never") return [notSupported(field, policy, ["OnFailure", "Never"])];
  return spec.podFailurePolicy && policy !== "Never"
    ? [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}
