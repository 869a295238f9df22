import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Case } from "./data/cases.ts";

/** Flags name files relative to this folder, for both sides. */
export const testdata = fileURLToPath(new URL("../testdata/", import.meta.url));

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function recordPath(one: Case): string {
  return join(testdata, "recorded", one.chart, `${one.name}.txt`);
}

/** The arguments after `helm template`. */
export function argumentsOf(one: Case): string[] {
  return [...(one.release === undefined ? [] : [one.release]), `charts/${one.chart}`, ...one.flags];
}

const divider = "\n==== stderr ====\n";

/** One file a case: the exit status, what was printed, and what was said. */
export function formatRecord(outcome: Outcome): string {
  return `==== status ${outcome.status} ====\n${outcome.stdout}${divider}${outcome.stderr}`;
}

export function parseRecord(text: string): Outcome {
  const firstLine = text.indexOf("\n");
  const status = Number(/\d+/u.exec(text.slice(0, firstLine))?.[0]);
  const at = text.lastIndexOf(divider);
  return { status, stdout: text.slice(firstLine + 1, at), stderr: text.slice(at + divider.length) };
}
