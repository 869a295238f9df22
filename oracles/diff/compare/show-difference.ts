// A difference for people: the path, what was expected, what came; of long texts the place where they part.
import { differencesShown, shownCharactersMax } from "../run/limits.ts";
import type { Json } from "../json.ts";
import type { Difference } from "./compare-values.ts";

export function showDifferences(
  differences: readonly Difference[],
  names: { expected: string; actual: string },
): string[] {
  const width = Math.max(names.expected.length, names.actual.length);
  const lines = differences.slice(0, differencesShown).flatMap((difference) => {
    const [expected, actual] = shownPair(difference.expected, difference.actual);
    return [
      difference.path || "(all)",
      `  ${names.expected.padEnd(width)}  ${expected}`,
      `  ${names.actual.padEnd(width)}  ${actual}`,
    ];
  });
  const more = differences.length - differencesShown;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function shownPair(expected: Json | undefined, actual: Json | undefined): [string, string] {
  const left = shown(expected);
  const right = shown(actual);
  if (left.length <= shownCharactersMax && right.length <= shownCharactersMax) return [left, right];
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const from = Math.max(0, start - 60);
  const cut = (text: string): string => {
    const end = from + shownCharactersMax;
    return `${from > 0 ? "…" : ""}${text.slice(from, end)}${text.length > end ? "…" : ""}`;
  };
  return [cut(left), cut(right)];
}

function shown(value: Json | undefined): string {
  return value === undefined ? "(nothing)" : JSON.stringify(value);
}
