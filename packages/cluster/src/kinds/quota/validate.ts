import type { FieldError } from "../../object/field-error.ts";
import { compareBytes } from "../../object/go-text.ts";
import { equalJson } from "../../object/json-value.ts";
import type { ResourceQuota, ResourceQuotaSpec, ScopeSelector } from "../../schema/data/types/core-v1.ts";
import { validateAmount } from "../pod-spec/validate-resources.ts";
import { invalid, required } from "../validation/errors.ts";
import { IMMUTABLE } from "../validation/immutable.ts";
import { sortedEntries } from "../validation/labels.ts";
import { isQuotaResource, validateResourceName } from "../validation/resource-names.ts";

const compute = ["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const claims = ["persistentvolumeclaims", "requests.storage"];
/** What each scope can be counted for. */
const scopeResources: Readonly<Record<string, readonly string[]>> = {
  Terminating: compute,
  NotTerminating: compute,
  BestEffort: ["pods"],
  NotBestEffort: compute,
  PriorityClass: compute,
  CrossNamespacePodAffinity: compute,
  VolumeAttributesClass: claims,
};
const opposites = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;
const withoutValues = new Set([
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
]);

export function validateQuota({ spec }: ResourceQuota): FieldError[] {
  return [
    ...validateAmounts(spec.hard, "spec.hard"),
    ...validateScopes(spec, "spec.scopes"),
    ...(spec.scopeSelector ? validateSelector(spec, spec.scopeSelector, "spec.scopeSelector.matchExpressions") : []),
  ];
}

export function validateQuotaUpdate(next: ResourceQuota, current: ResourceQuota): FieldError[] {
  const sorted = (scopes: readonly string[] | undefined): string[] => [...new Set(scopes)].toSorted(compareBytes);
  const isSame = equalJson(sorted(next.spec.scopes), sorted(current.spec.scopes));
  return [...validateQuota(next), ...(isSame ? [] : [invalid("spec.scopes", next.spec.scopes, IMMUTABLE)])];
}

export function validateQuotaStatus({ status }: ResourceQuota): FieldError[] {
  return [...validateAmounts(status.hard, "status.hard"), ...validateAmounts(status.used, "status.used")];
}

function validateAmounts(amounts: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  return sortedEntries(amounts).flatMap(([name, amount]) => {
    const place = `${field}[${name}]`;
    const errors = validateResourceName(name, place);
    if (!name.includes("/") && !isQuotaResource(name))
      errors.push(invalid(place, name, "must be a standard resource for quota"));
    return [...errors, ...validateAmount(name, amount, place)];
  });
}

function misfits(scope: string, { hard }: ResourceQuotaSpec): number {
  const fitting = scopeResources[scope];
  const names = Object.keys(hard ?? {}).filter(isQuotaResource);
  return fitting ? names.filter((name) => !fitting.includes(name)).length : 0;
}

function validateScopes(spec: ResourceQuotaSpec, field: string): FieldError[] {
  const { scopes = [] } = spec;
  const errors: FieldError[] = [];
  for (const scope of scopes) {
    if (!Object.hasOwn(scopeResources, scope)) errors.push(invalid(field, scopes, "unsupported scope"));
    for (let count = misfits(scope, spec); count > 0; count--)
      errors.push(invalid(field, scopes, "unsupported scope applied to resource"));
  }
  return [...errors, ...conflicts(scopes, scopes)];
}

function conflicts(scopes: readonly string[], shown: readonly string[] | undefined): FieldError[] {
  return opposites
    .filter((pair) => pair.every((scope) => scopes.includes(scope)))
    .map(() => invalid("spec.scopes", shown, "conflicting scopes"));
}

function validateSelector(spec: ResourceQuotaSpec, selector: ScopeSelector, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const requirements = selector.matchExpressions ?? [];
  for (const { scopeName: scope, operator, values = [] } of requirements) {
    if (!Object.hasOwn(scopeResources, scope)) errors.push(invalid(`${field}.scopeName`, scope, "unsupported scope"));
    const shown = {
      MatchExpressions: requirements.map((each) => ({
        ScopeName: each.scopeName,
        Operator: each.operator,
        Values: each.values ?? null,
      })),
    };
    for (let count = misfits(scope, spec); count > 0; count--)
      errors.push(invalid(field, shown, "unsupported scope applied to resource"));
    if (withoutValues.has(scope) && operator !== "Exists") {
      const detail =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      errors.push(invalid(`${field}.operator`, operator, detail));
    }
    errors.push(...validateOperator(operator, values, field));
  }
  const scopes = requirements.map(({ scopeName }) => scopeName);
  return [...errors, ...conflicts(scopes, spec.scopes)];
}

function validateOperator(operator: string, values: readonly string[], field: string): FieldError[] {
  if (operator === "In" || operator === "NotIn") {
    const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    return values.length > 0 ? [] : [required(`${field}.values`, detail)];
  }
  if (operator === "Exists" || operator === "DoesNotExist") {
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    return values.length === 0 ? [] : [invalid(`${field}.values`, values, detail)];
  }
  return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
}
