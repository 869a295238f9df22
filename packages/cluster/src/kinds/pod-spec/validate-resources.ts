import { compareQuantities, nanosOf } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ResourceRequirements } from "../../schema/data/types/core-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, notFound, required } from "../validation/errors.ts";
import { sortedEntries } from "../validation/labels.ts";
import { qualifiedName } from "../validation/names.ts";
import { NOT_NEGATIVE } from "../validation/numbers.ts";

const HUGE_PAGES = "hugepages-";
const containerResources = new Set(["cpu", "memory", "ephemeral-storage"]);
const standardResources = new Set([
  ...containerResources,
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "requests.storage",
  "storage",
  "services.nodeports",
  "services.loadbalancers",
]);
const integerResources = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);

export function validateResources(
  resources: ResourceRequirements,
  field: string,
  claimNames: ReadonlySet<string> = new Set(),
): FieldError[] {
  const { limits = {}, requests = {}, claims = [] } = resources;
  const errors = sortedEntries(limits).flatMap(([name, amount]) => [
    ...containerResourceName(name, `${field}.limits[${name}]`),
    ...validateAmount(name, amount, `${field}.limits[${name}]`),
  ]);
  for (const [name, amount] of sortedEntries(requests)) {
    errors.push(...containerResourceName(name, `${field}.requests[${name}]`));
    errors.push(...validateAmount(name, amount, `${field}.requests[${name}]`));
    errors.push(...againstLimit(name, amount, limits[name], field));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some((name) => name.startsWith(HUGE_PAGES)) && !names.some((name) => name === "cpu" || name === "memory"))
    errors.push(forbidden(field, "HugePages require cpu or memory"));
  const seen = new Set<string>();
  for (const [index, { name, request = "" }] of claims.entries()) {
    const place = `${field}.claims[${index}]`;
    const key = request === "" ? name : `${name}/${request}`;
    if (name === "") errors.push(required(`${place}`));
    else if (seen.has(key)) errors.push(duplicate(place, key));
    else if (!claimNames.has(name)) errors.push(notFound(place, name));
    seen.add(key);
  }
  return errors;
}

function againstLimit(name: string, amount: string, limit: string | undefined, field: string): FieldError[] {
  const isElastic = canOvercommit(name);
  if (limit === undefined)
    return isElastic ? [] : [required(`${field}.limits`, "Limit must be set for non overcommitable resources")];
  const order = compareQuantities(amount, limit);
  if (order !== 0 && !isElastic)
    return [invalid(`${field}.requests`, amount, `must be equal to ${name} limit of ${limit}`)];
  return order > 0
    ? [invalid(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}

export function resourceName(name: string, field: string): FieldError[] {
  const errors = eachInvalid(field, name, qualifiedName(name));
  if (errors.length > 0) return errors;
  const isStandard = standardResources.has(name) || name.startsWith(HUGE_PAGES);
  return name.includes("/") || isStandard
    ? []
    : [invalid(field, name, "must be a standard resource type or fully qualified")];
}

function containerResourceName(name: string, field: string): FieldError[] {
  const errors = resourceName(name, field);
  if (!name.includes("/")) {
    const isStandard = containerResources.has(name) || name.startsWith(HUGE_PAGES);
    return isStandard ? errors : [...errors, invalid(field, name, "must be a standard resource for containers")];
  }
  if (isNative(name) || isExtendedName(name)) return errors;
  return [...errors, invalid(field, name, "doesn't follow extended resource name standard")];
}

export function validateAmount(name: string, amount: string, field: string): FieldError[] {
  const errors = compareQuantities(amount, "0") < 0 ? [invalid(field, amount, NOT_NEGATIVE)] : [];
  if (isInteger(name) && nanosOf(amount) % 1_000_000_000n !== 0n)
    errors.push(invalid(field, amount, "must be an integer"));
  return errors;
}

export function isInteger(name: string): boolean {
  return integerResources.has(name) || isExtendedName(name);
}

export function isExtendedName(name: string): boolean {
  if (isNative(name) || name.startsWith("requests.")) return false;
  return qualifiedName(`requests.${name}`).length === 0;
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function canOvercommit(name: string): boolean {
  return isNative(name) && !name.startsWith(HUGE_PAGES);
}
