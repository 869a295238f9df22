// A structural difference: what is missing, what is too much, what is another value, each with its path.
import { isList, isObject } from "../json.ts";
import type { Json } from "../json.ts";

export interface Difference {
  readonly path: string;
  /** undefined: there should be nothing. */
  readonly expected: Json | undefined;
  /** undefined: there is nothing. */
  readonly actual: Json | undefined;
}

export function compareValues(expected: Json | undefined, actual: Json | undefined, path = ""): Difference[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return keys.flatMap((key) => compareValues(expected[key], actual[key], joined(path, key)));
  }
  if (isList(expected) && isList(actual)) return compareLists(expected, actual, path);
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

/** An item too many or too few moves the others: the longest common start and end are set aside first. */
function compareLists(expected: readonly Json[], actual: readonly Json[], path: string): Difference[] {
  if (expected.length === actual.length) {
    return expected.flatMap((item, index) => compareValues(item, actual[index], `${path}[${index}]`));
  }
  const same = (left: Json | undefined, right: Json | undefined): boolean => compareValues(left, right).length === 0;
  let start = 0;
  const shorter = Math.min(expected.length, actual.length);
  while (start < shorter && same(expected[start], actual[start])) start++;
  let end = 0;
  while (end < shorter - start && same(expected.at(-1 - end), actual.at(-1 - end))) end++;
  const missing = expected.slice(start, expected.length - end);
  const extra = actual.slice(start, actual.length - end);
  const length = { path: `${path}.length`, expected: expected.length, actual: actual.length };
  const count = Math.max(missing.length, extra.length);
  const items = Array.from({ length: count }, (_, index) =>
    compareValues(missing[index], extra[index], `${path}[${start + index}]`),
  );
  return [length, ...items.flat()];
}

function joined(path: string, key: string): string {
  if (!/^[\w-]+$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
