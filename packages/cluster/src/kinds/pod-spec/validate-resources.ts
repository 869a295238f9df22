import { compareBytes } from "../../object/go-text.ts";
import { compareQuantities, nanosOf } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { PodResourceClaim, ResourceClaim, ResourceRequirements } from "../../schema/data/types/core-v1.ts";
import { duplicate, forbidden, invalid, notFound, required } from "../validation/errors.ts";
import { sortedKeys } from "../validation/labels.ts";
import { NOT_NEGATIVE } from "../validation/numbers.ts";
import { dnsLabel } from "../validation/names.ts";
import { canOvercommit, isCounted, validateContainerResource } from "../validation/resource-names.ts";

const HUGE_PAGES = "hugepages-";
const NANOS = 1_000_000_000n;

export function validateResources(
  { limits = {}, requests = {}, claims }: ResourceRequirements,
  field: string,
  errors: FieldError[] = [],
  declared: readonly PodResourceClaim[] = [],
): FieldError[] {
  const limited = sortedKeys(limits);
  const requested = sortedKeys(requests);
  for (const name of limited) {
    const place = `${field}.limits[${name}]`;
    validateContainerResource(name, place, errors);
    validateAmount(name, limits[name] ?? "", place, errors);
  }
  for (const name of requested) {
    const place = `${field}.requests[${name}]`;
    const amount = requests[name] ?? "";
    validateContainerResource(name, place, errors);
    validateAmount(name, amount, place, errors);
    validateAgainstLimit({ name, amount, limit: limits[name] }, field, errors);
  }
  const hasHugePages = limited.some(isHugePages) || requested.some(isHugePages);
  if (hasHugePages && !limited.some(isElementary) && !requested.some(isElementary))
    errors.push(forbidden(field, "HugePages require cpu or memory"));
  if (claims) validateClaims(claims, declared, `${field}.claims`, errors);
  return errors;
}

function isHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES);
}

function isElementary(name: string): boolean {
  return name === "cpu" || name === "memory";
}

function validateClaims(
  claims: readonly ResourceClaim[],
  declared: readonly PodResourceClaim[],
  field: string,
  errors: FieldError[],
): void {
  const known = [...new Set(declared.map(({ name }) => name).filter(Boolean))].toSorted(compareBytes);
  const detail = `must be one of the names in pod.spec.resourceClaims${known.length > 0 ? `: ${known.join(", ")}` : " which is empty"}`;
  const seen = new Set<string>();
  for (const [index, { name, request = "" }] of claims.entries()) {
    const place = `${field}[${index}]`;
    if (name === "") {
      errors.push(required(place));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(place, name));
    else {
      const key = request === "" ? name : `${name}/${request}`;
      if (request !== "")
        for (const message of dnsLabel(request)) errors.push(invalid(`${place}.request`, request, message));
      if (seen.has(key)) errors.push(duplicate(place, key));
      else if (request === "")
        for (const other of seen) if (other.split("/")[0] === name) errors.push(duplicate(place, name));
      seen.add(key);
    }
    if (!known.includes(name)) errors.push(notFound(place, name, detail));
  }
}

function validateAgainstLimit(
  { name, amount, limit }: { readonly name: string; readonly amount: string; readonly limit: string | undefined },
  field: string,
  errors: FieldError[],
): void {
  const isElastic = canOvercommit(name);
  if (limit === undefined) {
    if (!isElastic) errors.push(required(`${field}.limits`, "Limit must be set for non overcommitable resources"));
    return;
  }
  const order = compareQuantities(amount, limit);
  if (order !== 0 && !isElastic)
    errors.push(invalid(`${field}.requests`, amount, `must be equal to ${name} limit of ${limit}`));
  else if (order > 0)
    errors.push(invalid(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`));
}

export function validateAmount(name: string, amount: string, field: string, errors: FieldError[] = []): FieldError[] {
  const nanos = nanosOf(amount);
  if (nanos < 0n) errors.push(invalid(field, amount, NOT_NEGATIVE));
  if (isCounted(name) && nanos % NANOS !== 0n) errors.push(invalid(field, amount, "must be an integer"));
  return errors;
}
