import type { Check } from "./check.ts";
import { englishCount } from "./english-number.ts";
import type { Failure } from "./failure.ts";
import { jsonEquals } from "./json-value.ts";
import type { Schema } from "./schema.ts";

export function checkArray(check: Check, value: readonly unknown[]): void {
  const { minItems, maxItems, uniqueItems, contains } = check.schema;
  if (minItems !== undefined && value.length < minItems) {
    check.fail(`minItems: got ${englishCount(value.length)}, want ${englishCount(minItems)}`);
  }
  if (maxItems !== undefined && value.length > maxItems) {
    check.fail(`maxItems: got ${englishCount(value.length)}, want ${englishCount(maxItems)}`);
  }
  if (uniqueItems === true) checkUnique(check, value);
  checkItems(check, value);
  if (contains !== undefined) checkContains(check, value, contains);
}

function checkUnique(check: Check, value: readonly unknown[]): void {
  for (let later = 1; later < value.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      if (!jsonEquals(value[later], value[earlier])) continue;
      check.fail(`items at ${englishCount(earlier)} and ${englishCount(later)} are equal`);
      return;
    }
  }
}

function checkItems(check: Check, value: readonly unknown[]): void {
  const { prefixItems = [], items, additionalItems } = check.schema;
  const prefix = Math.min(prefixItems.length, value.length);
  for (const [at, schema] of prefixItems.slice(0, prefix).entries()) {
    check.add(check.inner(schema, value[at], String(at)));
  }
  const rest = items ?? additionalItems;
  if (rest === undefined || rest === true) return;
  if (rest === false) {
    if (prefix < value.length) check.fail(`last ${englishCount(value.length - prefix)} additionalItem(s) not allowed`);
    return;
  }
  // The library that Helm uses counts the places after a prefix from zero again, so reports do too.
  for (const [at, item] of value.slice(prefix).entries()) check.add(check.inner(rest, item, String(at)));
}

function checkContains(check: Check, value: readonly unknown[], contains: Schema): void {
  const { minContains, maxContains, draft } = check.schema;
  const failures: Failure[] = [];
  const matched: number[] = [];
  for (const [at, item] of value.entries()) {
    const failure = check.inner(contains, item, String(at));
    if (failure !== undefined) {
      failures.push(failure);
      continue;
    }
    matched.push(at);
    if (draft >= 2020) check.unevaluated.items.delete(at);
  }
  const found = `matched ${englishCount(matched.length)} items at ${matched.join(" ")}`;
  if (minContains !== undefined && matched.length < minContains) {
    const reason = matched.length === 0 ? "none matched" : found;
    check.fail(`min ${englishCount(minContains)} items required to match contains schema, but ${reason}`, failures);
  } else if (minContains === undefined && matched.length === 0) {
    check.fail("no items match contains schema", failures);
  }
  if (maxContains !== undefined && matched.length > maxContains) {
    check.fail(`max ${englishCount(maxContains)} items required to match contains schema, but ${found}`);
  }
}
