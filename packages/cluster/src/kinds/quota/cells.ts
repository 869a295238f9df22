import type { ResourceQuotaStatus } from "../../schema/data/types/core-v1.ts";
import { sortedEntries } from "../validation/labels.ts";

/** What is used of what is granted; what is said of limits stands in a column of its own. */
export function quotaText({ hard, used }: ResourceQuotaStatus, ofLimits: boolean): string {
  return sortedEntries(hard)
    .filter(([name]) => name.startsWith("limits.") === ofLimits)
    .map(([name, amount]) => `${name}: ${used?.[name] ?? "0"}/${amount}`)
    .join(", ");
}
