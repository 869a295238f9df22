import { quoted } from "./json-value.ts";

/**
 * Why a value does not fit, as a tree. `reference` nodes only lead to another schema and don't show when they have one
 * cause; `group` nodes gather several failures of one schema.
 */
export interface Failure {
  readonly kind: "leaf" | "group" | "reference";
  /** The place in the value, as path elements. */
  readonly path: readonly string[];
  readonly text: string;
  readonly causes: readonly Failure[];
}

/** The lines of a report: `- at '/port': got string, want integer`, causes indented below. */
export function reportFailure(failure: Failure): string {
  const lines: string[] = [];
  // The outermost group is the report itself.
  const tops = failure.kind === "group" ? failure.causes : [failure];
  for (const top of tops) describe(top, 0, lines);
  return lines.join("\n");
}

function describe(failure: Failure, indent: number, lines: string[]): void {
  const shown = failure.kind !== "reference" || failure.causes.length !== 1;
  if (shown) lines.push(`${"  ".repeat(indent)}- at ${quoted(pointer(failure.path))}: ${failure.text}`);
  for (const cause of failure.causes) describe(cause, shown ? indent + 1 : indent, lines);
}

export function pointer(path: readonly string[]): string {
  return path.map((token) => `/${escapeToken(token)}`).join("");
}

export function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
