import type { FieldError } from "../../object/field-error.ts";
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";

const WEIGHT_MAX = 100;
const WEIGHT = "must be in the range 1-100";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTolerations(tolerations: readonly Toleration[], field: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const place = `${field}[${index}]`;
    const { key = "", operator = "", value = "", effect = "", tolerationSeconds } = toleration;
    const errors = key === "" ? [] : eachInvalid(`${place}.key`, key, qualifiedName(key));
    if (key === "" && operator !== "Exists") {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(`${place}.operator`, operator, detail));
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      errors.push(invalid(`${place}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === "Equal" || operator === "") {
      const messages = labelValue(value);
      if (messages.length > 0) errors.push(invalid(`${place}.operator`, value, messages.join(";")));
    } else if (operator === "Exists") {
      if (value !== "")
        errors.push(invalid(`${place}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else {
      const operators = operator === "Lt" || operator === "Gt" ? ["Equal", "Exists", "Lt", "Gt"] : ["Equal", "Exists"];
      errors.push(notSupported(`${place}.operator`, operator, operators));
    }
    if (effect !== "" && !taintEffects.includes(effect))
      errors.push(notSupported(`${place}.effect`, effect, taintEffects));
    return errors;
  });
}

export function validateAffinity(affinity: Affinity, field: string): FieldError[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  const errors: FieldError[] = [];
  const requiredNodes = nodeAffinity?.[REQUIRED];
  if (requiredNodes) {
    const terms = requiredNodes.nodeSelectorTerms ?? [];
    const place = `${field}.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
    if (terms.length === 0) errors.push(required(place, "must have at least one node selector term"));
    for (const [index, term] of terms.entries()) errors.push(...validateNodeTerm(term, `${place}[${index}]`));
  }
  for (const [index, { weight, preference }] of (nodeAffinity?.[PREFERRED] ?? []).entries()) {
    const place = `${field}.nodeAffinity.${PREFERRED}[${index}]`;
    if (weight <= 0 || weight > WEIGHT_MAX) errors.push(invalid(`${place}.weight`, weight, WEIGHT));
    errors.push(...validateNodeTerm(preference, `${place}.preference`));
  }
  for (const [kind, rules] of [["podAffinity", podAffinity] as const, ["podAntiAffinity", podAntiAffinity] as const]) {
    for (const [index, term] of (rules?.[REQUIRED] ?? []).entries())
      errors.push(...validatePodTerm(term, `${field}.${kind}.${REQUIRED}[${index}]`));
    for (const [index, { weight, podAffinityTerm }] of (rules?.[PREFERRED] ?? []).entries()) {
      const place = `${field}.${kind}.${PREFERRED}[${index}]`;
      if (weight <= 0 || weight > WEIGHT_MAX) errors.push(invalid(`${place}.weight`, weight, WEIGHT));
      errors.push(...validatePodTerm(podAffinityTerm, `${place}.podAffinityTerm`));
    }
  }
  return errors;
}

export function validateNodeTerm(term: NodeSelectorTerm, field: string): FieldError[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((each, index) =>
      validateNodeRequirement(each, `${field}.matchExpressions[${index}]`),
    ),
    ...(term.matchFields ?? []).flatMap((each, index) => validateNodeField(each, `${field}.matchFields[${index}]`)),
  ];
}

function validateNodeRequirement({ key, operator, values = [] }: NodeSelectorRequirement, field: string): FieldError[] {
  const errors: FieldError[] = [];
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
  errors.push(...eachInvalid(`${field}.key`, key, qualifiedName(key)));
  for (const [index, value] of values.entries())
    errors.push(...eachInvalid(`${field}.values[${index}]`, value, labelValue(value)));
  return errors;
}

function validateNodeField({ key, operator, values = [] }: NodeSelectorRequirement, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn")
    errors.push(invalid(`${field}.operator`, operator, "not a valid selector operator"));
  else if (values.length !== 1)
    errors.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (key !== "metadata.name") return [...errors, invalid(`${field}.key`, key, "not a valid field selector key")];
  for (const [index, value] of values.entries())
    errors.push(...eachInvalid(`${field}.values[${index}]`, value, dnsSubdomain(value)));
  return errors;
}

function validatePodTerm(term: PodAffinityTerm, field: string): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  const errors = [
    ...validateLabelSelector(labelSelector, `${field}.labelSelector`),
    ...validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`),
    ...namespaces.flatMap((name) => eachInvalid(`${field}.namespace`, name, dnsLabel(name))),
  ];
  if (topologyKey === "") errors.push(required(`${field}.topologyKey`, "can not be empty"));
  return [...errors, ...eachInvalid(`${field}.topologyKey`, topologyKey, qualifiedName(topologyKey))];
}

export function validateSpread(constraints: readonly TopologySpreadConstraint[], field: string): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const place = `${field}[${index}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
    const errors = maxSkew <= 0 ? [invalid(`${place}.maxSkew`, maxSkew, POSITIVE)] : [];
    if (topologyKey === "") errors.push(required(`${place}.topologyKey`, "can not be empty"));
    const actions = ["DoNotSchedule", "ScheduleAnyway"];
    if (!actions.includes(action)) errors.push(notSupported(`${place}.whenUnsatisfiable`, action, actions));
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
    return [...errors, ...validateLabelSelector(constraint.labelSelector, `${place}.labelSelector`)];
  });
}
