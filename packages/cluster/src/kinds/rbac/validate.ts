import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from "../../schema/data/types/rbac-v1.ts";
import { eachInvalid, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsSubdomain, pathSegmentName } from "../validation/names.ts";

const GROUP = "rbac.authorization.k8s.io";

export function validateRole({ rules }: Role): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, true, `rules[${index}]`));
}

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = (rules ?? []).flatMap((rule, index) => validateRule(rule, false, `rules[${index}]`));
  if (!aggregationRule) return errors;
  const place = "aggregationRule.clusterRoleSelectors";
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0)
    errors.push(required(place, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  for (const [index, selector] of selectors.entries()) {
    const wrong = validateLabelSelector(selector, `${place}[${index}]`);
    errors.push(...wrong);
    if (wrong.length > 0) errors.push(invalid(`${place}[${index}]`, null, "invalid label selector."));
  }
  return errors;
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, field: string): FieldError[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const errors: FieldError[] = [];
  if ((verbs ?? []).length === 0) errors.push(required(`${field}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const place = `${field}.nonResourceURLs`;
    if (isNamespaced)
      errors.push(invalid(place, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      errors.push(
        invalid(place, nonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"),
      );
    return errors;
  }
  if (apiGroups.length === 0)
    errors.push(required(`${field}.apiGroups`, "resource rules must supply at least one api group"));
  if (resources.length === 0)
    errors.push(required(`${field}.resources`, "resource rules must supply at least one resource"));
  return errors;
}

export function validateRoleBinding({ roleRef, subjects }: RoleBinding): FieldError[] {
  return [
    ...validateRoleRef(roleRef, ["Role", "ClusterRole"]),
    ...(subjects ?? []).flatMap((subject, index) => validateSubject(subject, true, `subjects[${index}]`)),
  ];
}

export function validateClusterRoleBinding({ roleRef, subjects }: ClusterRoleBinding): FieldError[] {
  return [
    ...validateRoleRef(roleRef, ["ClusterRole"]),
    ...(subjects ?? []).flatMap((subject, index) => validateSubject(subject, false, `subjects[${index}]`)),
  ];
}

export function validateRoleBindingUpdate(next: RoleBinding, current: RoleBinding): FieldError[] {
  return validateSameRole(next.roleRef, current.roleRef);
}

export function validateClusterRoleBindingUpdate(next: ClusterRoleBinding, current: ClusterRoleBinding): FieldError[] {
  return validateSameRole(next.roleRef, current.roleRef);
}

function validateSameRole(next: RoleRef, current: RoleRef): FieldError[] {
  if (equalJson(next, current)) return [];
  const shown = { APIGroup: next.apiGroup, Kind: next.kind, Name: next.name };
  return [invalid("roleRef", shown, "cannot change roleRef")];
}

function validateRoleRef({ apiGroup, kind, name }: RoleRef, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (apiGroup !== GROUP) errors.push(notSupported("roleRef.apiGroup", apiGroup, [GROUP]));
  if (!kinds.includes(kind)) errors.push(notSupported("roleRef.kind", kind, kinds));
  if (name === "") return [...errors, required("roleRef.name")];
  return [...errors, ...eachInvalid("roleRef.name", name, pathSegmentName(name))];
}

function validateSubject(
  { kind, name, apiGroup = "", namespace = "" }: Subject,
  isNamespaced: boolean,
  field: string,
): FieldError[] {
  const errors = name === "" ? [required(`${field}.name`)] : [];
  if (kind === "ServiceAccount") {
    if (name !== "") errors.push(...eachInvalid(`${field}.name`, name, dnsSubdomain(name)));
    if (apiGroup !== "") errors.push(notSupported(`${field}.apiGroup`, apiGroup, [""]));
    if (!isNamespaced && namespace === "") errors.push(required(`${field}.namespace`));
  } else if (kind !== "User" && kind !== "Group")
    errors.push(notSupported(`${field}.kind`, kind, ["ServiceAccount", "User", "Group"]));
  else if (apiGroup !== GROUP) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [GROUP]));
  return errors;
}
