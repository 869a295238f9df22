import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type {
  CrossVersionObjectReference,
  HPAScalingRules,
  HorizontalPodAutoscaler,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from "../../schema/data/types/autoscaling-v2.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { pathSegmentName } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";

const WINDOW_SECONDS_MAX = 3600;
const PERIOD_SECONDS_MAX = 1800;
const RAW_AND_SHARE = "may not set both a target raw value and a target utilization";
const sources = ["ContainerResource", "External", "Object", "Pods", "Resource"];
const sourceFields: Readonly<Record<string, "object" | "external" | "pods" | "resource" | "containerResource">> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};

type Scaled = Pick<HorizontalPodAutoscaler, "spec">;

/** Which versions of what is scaled or measured are taken; versions that nobody changes stay what they are. */
interface VersionRule {
  readonly mayBeAnything?: boolean;
  readonly mayHaveNoGroup: boolean;
}

export function validateAutoscaler({ spec }: Scaled, current?: Scaled): FieldError[] {
  const { minReplicas, maxReplicas, behavior, metrics = [] } = spec;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(invalid("spec.minReplicas", minReplicas, "must be greater than or equal to 1"));
  if (maxReplicas < 1) errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  errors.push(...validateReference(spec.scaleTargetRef, "spec.scaleTargetRef", targetRule(spec, current?.spec)));
  const rule = metricRule(current?.spec);
  for (const [index, metric] of metrics.entries())
    errors.push(...validateMetric(metric, `spec.metrics[${index}]`, rule));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External")) {
    const detail = "must specify at least one Object or External metric to support scaling to zero replicas";
    errors.push(forbidden("spec.metrics", detail));
  }
  return [
    ...errors,
    ...validateRules(behavior?.scaleUp, "spec.behavior.scaleUp"),
    ...validateRules(behavior?.scaleDown, "spec.behavior.scaleDown"),
  ];
}

function targetRule({ scaleTargetRef: next }: Scaled["spec"], current: Scaled["spec"] | undefined): VersionRule {
  const before = current?.scaleTargetRef;
  const isSame = before?.apiVersion === next.apiVersion && before?.kind === next.kind;
  return { mayBeAnything: before !== undefined && isSame, mayHaveNoGroup: next.kind === "ReplicationController" };
}

function metricRule(current: Scaled["spec"] | undefined): VersionRule {
  const rule = { mayHaveNoGroup: true };
  const isWrong = current?.metrics?.some(
    ({ type, object }) => type === "Object" && object && wrongVersion(object.describedObject, rule) !== undefined,
  );
  return { ...rule, mayBeAnything: isWrong ?? false };
}

function wrongVersion({ apiVersion = "" }: CrossVersionObjectReference, rule: VersionRule): string | undefined {
  if (rule.mayBeAnything) return undefined;
  const parts = apiVersion === "/" ? [] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? parts[0] : "";
  return group === "" && !rule.mayHaveNoGroup ? "apiVersion must specify API group" : undefined;
}

function validateReference(reference: CrossVersionObjectReference, field: string, rule: VersionRule): FieldError[] {
  const errors = (["kind", "name"] as const).flatMap((name) => {
    const text = reference[name];
    return text === "" ? [required(`${field}.${name}`)] : eachInvalid(`${field}.${name}`, text, pathSegmentName(text));
  });
  const wrong = wrongVersion(reference, rule);
  if (wrong !== undefined) errors.push(invalid(`${field}.apiVersion`, reference.apiVersion ?? "", wrong));
  return errors;
}

function validateMetric(metric: MetricSpec, field: string, rule: VersionRule): FieldError[] {
  const errors: FieldError[] = [];
  const { type } = metric;
  if (type === "") errors.push(required(`${field}.type`, "must specify a metric source type"));
  if (!sources.includes(type)) errors.push(notSupported(`${field}.type`, type, sources));
  const given = (["object", "external", "pods", "resource", "containerResource"] as const).filter(
    (each) => metric[each],
  );
  const [first] = given;
  if (first) errors.push(...validateSource(metric, first, `${field}.${first}`, rule));
  const expected = Object.hasOwn(sourceFields, type) ? sourceFields[type] : undefined;
  if (expected && !metric[expected])
    errors.push(required(`${field}.${expected}`, "must populate information for the given metric source"));
  if (!expected) errors.push(notSupported(`${field}.type`, type, sources));
  if (given.length !== 1) {
    for (const each of given)
      if (each !== expected) errors.push(forbidden(`${field}.${each}`, "must populate the given metric source only"));
  }
  return errors;
}

function validateSource(
  metric: MetricSpec,
  source: (typeof sourceFields)[string],
  field: string,
  rule: VersionRule,
): FieldError[] {
  switch (source) {
    case "object":
      return metric.object
        ? [
            ...validateReference(metric.object.describedObject, `${field}.describedObject`, rule),
            ...validateIdentifier(metric.object.metric, `${field}.metric`),
            ...validateRaw(metric.object.target, field, "must set either a target value or averageValue"),
          ]
        : [];
    case "external":
      return metric.external ? validateExternal(metric.external, field) : [];
    case "pods":
      return metric.pods
        ? [
            ...validateIdentifier(metric.pods.metric, `${field}.metric`),
            ...validateTarget(metric.pods.target, `${field}.target`),
            ...(metric.pods.target.averageValue === undefined
              ? [required(`${field}.target.averageValue`, "must specify a positive target averageValue")]
              : []),
          ]
        : [];
    case "resource":
      return metric.resource ? validateResource(metric.resource, field) : [];
    default:
      return metric.containerResource ? validateResource(metric.containerResource, field) : [];
  }
}

function validateExternal({ metric, target }: NonNullable<MetricSpec["external"]>, field: string): FieldError[] {
  const errors = [
    ...validateIdentifier(metric, `${field}.metric`),
    ...validateRaw(target, field, "must set either a target value for metric or a per-pod target"),
  ];
  if (target.value !== undefined && target.averageValue !== undefined) {
    const detail = "may not set both a target value for metric and a per-pod target";
    errors.push(forbidden(`${field}.target.value`, detail));
  }
  return errors;
}

function validateRaw(target: MetricTarget, field: string, detail: string): FieldError[] {
  const isMissing = target.value === undefined && target.averageValue === undefined;
  return [
    ...validateTarget(target, `${field}.target`),
    ...(isMissing ? [required(`${field}.target.averageValue`, detail)] : []),
  ];
}

function validateResource(
  { name, container, target }: { readonly name: string; readonly container?: string; readonly target: MetricTarget },
  field: string,
): FieldError[] {
  const errors = name === "" ? [required(`${field}.name`, "must specify a resource name")] : [];
  if (container === "") errors.push(required(`${field}.container`, "must specify a container"));
  errors.push(...validateTarget(target, `${field}.target`));
  const isShare = target.averageUtilization !== undefined;
  const isRaw = target.averageValue !== undefined;
  if (!isShare && !isRaw) {
    const detail = "must set either a target raw value or a target utilization";
    errors.push(required(`${field}.target.averageUtilization`, detail));
  }
  if (isShare && isRaw) errors.push(forbidden(`${field}.target.averageValue`, RAW_AND_SHARE));
  return errors;
}

function validateIdentifier({ name, selector }: MetricIdentifier, field: string): FieldError[] {
  const errors =
    name === ""
      ? [required(`${field}.name`, "must specify a metric name")]
      : eachInvalid(`${field}.name`, name, pathSegmentName(name));
  return [...errors, ...validateLabelSelector(selector, `${field}.selector`)];
}

function validateTarget({ type, value, averageValue, averageUtilization }: MetricTarget, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(`${field}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type))
    errors.push(invalid(`${field}.type`, type, "must be either Utilization, Value, or AverageValue"));
  if (value !== undefined && compareQuantities(value, "0") <= 0)
    errors.push(invalid(`${field}.value`, value, "must be positive"));
  if (averageValue !== undefined && compareQuantities(averageValue, "0") <= 0)
    errors.push(invalid(`${field}.averageValue`, averageValue, "must be positive"));
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalid(`${field}.averageUtilization`, averageUtilization, "must be greater than 0"));
  return errors;
}

function validateRules(rules: HPAScalingRules | undefined, field: string): FieldError[] {
  if (!rules) return [];
  const errors: FieldError[] = [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  if (window !== undefined && window < 0)
    errors.push(invalid(`${field}.stabilizationWindowSeconds`, window, "must be greater than or equal to zero"));
  if (window !== undefined && window > WINDOW_SECONDS_MAX) {
    const detail = `must be less than or equal to ${WINDOW_SECONDS_MAX}`;
    errors.push(invalid(`${field}.stabilizationWindowSeconds`, window, detail));
  }
  const selections = ["Disabled", "Max", "Min"];
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.push(notSupported(`${field}.selectPolicy`, selectPolicy, selections));
  if (policies.length === 0) errors.push(required(`${field}.policies`, "must specify at least one Policy"));
  for (const [index, { type, value, periodSeconds }] of policies.entries()) {
    const place = `${field}.policies[${index}]`;
    if (type !== "Pods" && type !== "Percent") errors.push(notSupported(`${place}.type`, type, ["Percent", "Pods"]));
    if (value <= 0) errors.push(invalid(`${place}.value`, value, POSITIVE));
    if (periodSeconds <= 0) errors.push(invalid(`${place}.periodSeconds`, periodSeconds, POSITIVE));
    if (periodSeconds > PERIOD_SECONDS_MAX) {
      const detail = `must be less than or equal to ${PERIOD_SECONDS_MAX}`;
      errors.push(invalid(`${place}.periodSeconds`, periodSeconds, detail));
    }
  }
  return errors;
}
