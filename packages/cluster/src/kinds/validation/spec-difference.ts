import { unifiedDiff } from "../../object/unified-diff.ts";

/** What was changed of what can't be changed, line by line. */
export function specDifference(before: unknown, after: unknown): string {
  const lines = (value: unknown): string[] => JSON.stringify(value, undefined, 1).split("\n");
  return unifiedDiff(lines(before), lines(after));
}
