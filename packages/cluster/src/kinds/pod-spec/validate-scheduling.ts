import type { FieldError } from "../../object/field-error.ts";
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  PodAntiAffinity,
  Toleration,
  TopologySpreadConstraint,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";

const WEIGHT_MAX = 100;
const WEIGHT = "must be in the range 1-100";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTolerations(
  tolerations: readonly Toleration[],
  field: string,
  errors: FieldError[] = [],
): FieldError[] {
  tolerations.forEach((toleration, index) => validateToleration(toleration, `${field}[${index}]`, errors));
  return errors;
}

function validateToleration(toleration: Toleration, field: string, errors: FieldError[]): void {
  const { key = "", operator = "", value = "", effect = "", tolerationSeconds } = toleration;
  if (key !== "") for (const message of qualifiedName(key)) errors.push(invalid(`${field}.key`, key, message));
  if (key === "" && operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(`${field}.operator`, operator, detail));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    errors.push(invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (operator === "Equal" || operator === "") {
    const messages = labelValue(value);
    if (messages.length > 0) errors.push(invalid(`${field}.operator`, value, messages.join(";")));
  } else if (operator === "Exists") {
    if (value !== "")
      errors.push(invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else {
    const operators = operator === "Lt" || operator === "Gt" ? ["Equal", "Exists", "Lt", "Gt"] : ["Equal", "Exists"];
    errors.push(notSupported(`${field}.operator`, operator, operators));
  }
  if (effect !== "" && !taintEffects.includes(effect))
    errors.push(notSupported(`${field}.effect`, effect, taintEffects));
}

export function validateAffinity(affinity: Affinity, field: string, errors: FieldError[]): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  const requiredNodes = nodeAffinity?.[REQUIRED];
  if (requiredNodes) {
    const terms = requiredNodes.nodeSelectorTerms ?? [];
    const place = `${field}.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
    if (terms.length === 0) errors.push(required(place, "must have at least one node selector term"));
    terms.forEach((term, index) => validateNodeTerm(term, `${place}[${index}]`, errors));
  }
  nodeAffinity?.[PREFERRED]?.forEach(({ weight, preference }, index) => {
    const place = `${field}.nodeAffinity.${PREFERRED}[${index}]`;
    validateWeight(weight, place, errors);
    validateNodeTerm(preference, `${place}.preference`, errors);
  });
  if (podAffinity) validatePodTerms(podAffinity, `${field}.podAffinity`, errors);
  if (podAntiAffinity) validatePodTerms(podAntiAffinity, `${field}.podAntiAffinity`, errors);
}

function validatePodTerms(rules: PodAffinity | PodAntiAffinity, field: string, errors: FieldError[]): void {
  rules[REQUIRED]?.forEach((term, index) => validatePodTerm(term, `${field}.${REQUIRED}[${index}]`, errors));
  rules[PREFERRED]?.forEach(({ weight, podAffinityTerm }, index) => {
    const place = `${field}.${PREFERRED}[${index}]`;
    validateWeight(weight, place, errors);
    validatePodTerm(podAffinityTerm, `${place}.podAffinityTerm`, errors);
  });
}

function validateWeight(weight: number, field: string, errors: FieldError[]): void {
  if (weight <= 0 || weight > WEIGHT_MAX) errors.push(invalid(`${field}.weight`, weight, WEIGHT));
}

export function validateNodeTerm(term: NodeSelectorTerm, field: string, errors: FieldError[] = []): FieldError[] {
  term.matchExpressions?.forEach((each, index) =>
    validateNodeRequirement(each, `${field}.matchExpressions[${index}]`, errors),
  );
  term.matchFields?.forEach((each, index) => validateNodeField(each, `${field}.matchFields[${index}]`, errors));
  return errors;
}

function validateNodeRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  field: string,
  errors: FieldError[],
): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      errors.push(required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else {
    errors.push(invalid(`${field}.operator`, operator, "not a valid selector operator"));
  }
  for (const message of qualifiedName(key)) errors.push(invalid(`${field}.key`, key, message));
  for (const [index, value] of values.entries())
    for (const message of labelValue(value)) errors.push(invalid(`${field}.values[${index}]`, value, message));
}

function validateNodeField(
  { key, operator, values = [] }: NodeSelectorRequirement,
  field: string,
  errors: FieldError[],
): void {
  if (operator !== "In" && operator !== "NotIn")
    errors.push(invalid(`${field}.operator`, operator, "not a valid selector operator"));
  else if (values.length !== 1)
    errors.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (key !== "metadata.name") {
    errors.push(invalid(`${field}.key`, key, "not a valid field selector key"));
    return;
  }
  for (const [index, value] of values.entries())
    for (const message of dnsSubdomain(value)) errors.push(invalid(`${field}.values[${index}]`, value, message));
}

function validatePodTerm(term: PodAffinityTerm, field: string, errors: FieldError[]): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  validateLabelSelector(labelSelector, `${field}.labelSelector`, errors);
  validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`, errors);
  for (const name of namespaces)
    for (const message of dnsLabel(name)) errors.push(invalid(`${field}.namespace`, name, message));
  if (topologyKey === "") errors.push(required(`${field}.topologyKey`, "can not be empty"));
  for (const message of qualifiedName(topologyKey)) errors.push(invalid(`${field}.topologyKey`, topologyKey, message));
}

const unsatisfiableActions = ["DoNotSchedule", "ScheduleAnyway"];

export function validateSpread(
  constraints: readonly TopologySpreadConstraint[],
  field: string,
  errors: FieldError[],
): void {
  constraints.forEach((constraint, index) => {
    const place = `${field}[${index}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
    if (maxSkew <= 0) errors.push(invalid(`${place}.maxSkew`, maxSkew, POSITIVE));
    if (topologyKey === "") errors.push(required(`${place}.topologyKey`, "can not be empty"));
    if (!unsatisfiableActions.includes(action))
      errors.push(notSupported(`${place}.whenUnsatisfiable`, action, unsatisfiableActions));
    const isRepeated = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === action);
    if (isRepeated) errors.push(duplicate(`${place}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${place}.minDomains`, minDomains, POSITIVE));
      if (action !== "DoNotSchedule") {
        const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
        errors.push(invalid(`${place}.minDomains`, minDomains, detail));
      }
    }
    for (const name of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = constraint[name];
      if (policy !== undefined && policy !== "Honor" && policy !== "Ignore")
        errors.push(notSupported(`${place}.${name}`, policy, ["Honor", "Ignore"]));
    }
    validateLabelSelector(constraint.labelSelector, `${place}.labelSelector`, errors);
  });
}
