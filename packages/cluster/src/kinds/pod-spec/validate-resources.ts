import { compareQuantities, nanosOf } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ResourceRequirements } from "../../schema/data/types/core-v1.ts";
import { duplicate, forbidden, invalid, notFound, required } from "../validation/errors.ts";
import { sortedEntries } from "../validation/labels.ts";
import { NOT_NEGATIVE } from "../validation/numbers.ts";
import { canOvercommit, isCounted, validateContainerResource } from "../validation/resource-names.ts";

const HUGE_PAGES = "hugepages-";

export function validateResources(
  resources: ResourceRequirements,
  field: string,
  claimNames: ReadonlySet<string> = new Set(),
): FieldError[] {
  const { limits = {}, requests = {}, claims = [] } = resources;
  const errors = sortedEntries(limits).flatMap(([name, amount]) => [
    ...validateContainerResource(name, `${field}.limits[${name}]`),
    ...validateAmount(name, amount, `${field}.limits[${name}]`),
  ]);
  for (const [name, amount] of sortedEntries(requests)) {
    errors.push(...validateContainerResource(name, `${field}.requests[${name}]`));
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

export function validateAmount(name: string, amount: string, field: string): FieldError[] {
  const errors = compareQuantities(amount, "0") < 0 ? [invalid(field, amount, NOT_NEGATIVE)] : [];
  if (isCounted(name) && nanosOf(amount) % 1_000_000_000n !== 0n)
    errors.push(invalid(field, amount, "must be an integer"));
  return errors;
}
