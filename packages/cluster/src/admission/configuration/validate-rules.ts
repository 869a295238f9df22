import { duplicate, eachInvalid, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import { validateLabelSelector, type LabelSelector } from "../../kinds/validation/labels.ts";
import { pathSegmentName } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { Rule } from "../matching/match-rules.ts";
import type { MatchResources } from "../policies/policy-objects.ts";

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];
export const matchPolicies = ["Equivalent", "Exact"];
export const failurePolicies = ["Fail", "Ignore"];

/** What a rule of a webhook or a policy may say. */
export function validateRule(rule: Rule, field: string): FieldError[] {
  const wanted = rule.operations ?? [];
  return [
    ...(wanted.length === 0 ? [required(`${field}.operations`)] : []),
    ...alone(wanted, `${field}.operations`, "operations"),
    ...wanted.flatMap((each, index) =>
      operations.includes(each) ? [] : [notSupported(`${field}.operations[${index}]`, each, operations)],
    ),
    ...validateList(rule.apiGroups ?? [], `${field}.apiGroups`, "API groups"),
    ...validateList(rule.apiVersions ?? [], `${field}.apiVersions`, "API versions"),
    ...(rule.apiVersions ?? []).flatMap((each, index) =>
      each === "" ? [required(`${field}.apiVersions[${index}]`)] : [],
    ),
    ...validateResources(rule.resources ?? [], `${field}.resources`),
    ...(rule.scope === undefined || scopes.includes(rule.scope)
      ? []
      : [notSupported(`${field}.scope`, rule.scope, scopes)]),
  ];
}

function validateList(values: readonly string[], field: string, what: string): FieldError[] {
  return values.length === 0 ? [required(field)] : alone(values, field, what);
}

function alone(values: readonly string[], field: string, what: string): FieldError[] {
  return values.length > 1 && values.includes("*")
    ? [invalid(field, values, `if '*' is present, must not specify other ${what}`)]
    : [];
}

function validateResources(resources: readonly string[], field: string): FieldError[] {
  if (resources.length === 0) return [required(field)];
  const errors: FieldError[] = [];
  const allOf = new Set<string>();
  const ofAll = new Set<string>();
  for (const [index, text] of resources.entries()) {
    const place = `${field}[${index}]`;
    const slash = text.indexOf("/");
    if (text === "") errors.push(required(place));
    if (slash === -1) continue;
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)];
    if (allOf.has(resource))
      errors.push(invalid(place, text, `if '${resource}/*' is present, must not specify ${text}`));
    if (ofAll.has(sub)) errors.push(invalid(place, text, `if '*/${sub}' is present, must not specify ${text}`));
    if (sub === "*") allOf.add(resource);
    if (resource === "*") ofAll.add(sub);
  }
  if (resources.length > 1 && resources.includes("*/*"))
    errors.push(invalid(field, resources, "if '*/*' is present, must not specify other resources"));
  const last = resources.findLast((text) => text !== "" && !text.includes("/"));
  if (resources.includes("*") && last !== undefined && last !== "*")
    errors.push(invalid(field, resources, "if '*' is present, must not specify other resources without subresources"));
  return errors;
}

/** What a policy or a binding is about. */
export function validateMatch(match: MatchResources | undefined, field: string): FieldError[] {
  if (!match) return [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = match;
  return [
    ...(matchPolicy === undefined
      ? [required(`${field}.matchPolicy`)]
      : matchPolicies.includes(matchPolicy)
        ? []
        : [notSupported(`${field}.matchPolicy`, matchPolicy, matchPolicies)]),
    ...validateNeeded(namespaceSelector, `${field}.namespaceSelector`),
    ...validateNeeded(objectSelector, `${field}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => validateNamedRule(rule, `${field}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) =>
      validateNamedRule(rule, `${field}.excludeResourceRules[${index}]`),
    ),
  ];
}

function validateNeeded(selector: MatchResources["namespaceSelector"], field: string): FieldError[] {
  return selector === undefined ? [required(field)] : validateLabelSelector(selector as LabelSelector, field);
}

function validateNamedRule(rule: Rule, field: string): FieldError[] {
  const names = rule.resourceNames ?? [];
  const ofNames = names.flatMap((name, index) => {
    const place = `${field}.resourceNames[${index}]`;
    return [
      ...eachInvalid(place, name, pathSegmentName(name)),
      ...(names.indexOf(name) < index ? [duplicate(place, name)] : []),
    ];
  });
  return [...ofNames, ...validateRule(rule, field)];
}
