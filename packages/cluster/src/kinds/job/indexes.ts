import { goQuote } from "../../object/go-text.ts";

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** What is wrong with a list of indexes such as `1,3-5,7`. */
export function indexesProblem(text: string, completions: number): string | undefined {
  if (text === "") return undefined;
  let previous: number | undefined;
  for (const part of text.split(",")) {
    const interval = intervalOf(part, completions);
    if (typeof interval === "string") return interval;
    if (previous !== undefined && previous >= interval.first)
      return `non-increasing order, previous: ${previous}, current: ${interval.first}`;
    previous = interval.last;
  }
  return undefined;
}

/** An index that is in both lists; what can't be read is passed over. */
export function overlapProblem(completed: string, failed: string, completions: number): string | undefined {
  const intervals = (text: string): readonly Interval[] =>
    text.split(",").flatMap((part) => {
      const interval = intervalOf(part, completions);
      return typeof interval === "string" ? [] : [interval];
    });
  const others = intervals(failed);
  for (const { first, last } of intervals(completed)) {
    const other = others.find((each) => first <= each.last && each.first <= last);
    if (other) return `failedIndexes and completedIndexes overlap at index: ${Math.max(first, other.first)}`;
  }
  return undefined;
}

function intervalOf(text: string, completions: number): Interval | string {
  const parts = text.split("-");
  if (parts.length > 2)
    return `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const limits: number[] = [];
  for (const part of parts) {
    if (!/^\+?\d+$/u.test(part)) return `cannot convert string to integer for index: ${goQuote(part)}`;
    if (Number(part) >= completions) return `too large index: ${goQuote(part)}`;
    limits.push(Number(part));
  }
  const [first = 0, last = first] = limits;
  if (limits.length > 1 && first >= last) return `non-increasing order, previous: ${first}, current: ${last}`;
  return { first, last };
}
