import { unifiedDiff } from "../../object/unified-diff.ts";
import { goJson } from "./errors.ts";
import { internalForm } from "./internal-form.ts";

/** What was changed of what can't be changed, line by line. */
export function specDifference(before: unknown, after: unknown): string {
  return unifiedDiff(linesOf(before), linesOf(after));
}

/** The same of structs of this type, as the API server has them. */
export function structDifference(type: string, before: object | undefined, after: object | undefined): string {
  return specDifference(internalForm(type, before), internalForm(type, after));
}

function linesOf(value: unknown): string[] {
  return goJson(value, 1).split("\n");
}
