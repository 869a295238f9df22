// The cases that are put to Helm's functions and to ours: one template a line, in files by family.
import { readFileSync, readdirSync } from "node:fs";

const directory = new URL("../testdata/cases/", import.meta.url);

/** What the oracle takes: one value of dot, many templates. */
export interface CaseGroup {
  readonly data: unknown;
  readonly templates: readonly string[];
}

/** Output; a list of one is an error; `raw` is output that is no UTF-8, in base64. */
export type Answer = string | readonly [error: string] | { readonly raw: string };

const visible: Readonly<Record<string, string>> = { "␤": "\n", "␉": "\t", "␍": "\r", "␀": "\0" };

function unescaped(line: string): string {
  return line.replace(/[␤␉␍␀]/gu, (char) => visible[char] ?? char);
}

/** One line can hold several cases: {{ a }}|{{ b }}; not if it starts with @whole. */
function separate(line: string): string[] {
  if (line.startsWith("@whole ")) return [line.slice("@whole ".length)];
  const parts = line.split("}}|{{");
  return parts.map((part, index) => `${index > 0 ? "{{" : ""}${part}${index < parts.length - 1 ? "}}" : ""}`);
}

/** Families of cases by name; `@data` starts a group with that value (JSON, see oracle-values.ts for types). */
export function allCases(): ReadonlyMap<string, readonly CaseGroup[]> {
  const files = readdirSync(directory).filter((name) => name.endsWith(".txt"));
  return new Map(files.sort().map((name) => [name.replace(".txt", ""), groupsOf(name)]));
}

function groupsOf(file: string): CaseGroup[] {
  const groups: { data: unknown; templates: string[] }[] = [];
  let current = { data: null as unknown, templates: [] as string[] };
  for (const line of readFileSync(new URL(file, directory), "utf8").split("\n")) {
    if (line === "" || line.startsWith("# ")) continue;
    if (line.startsWith("@data ")) {
      current = { data: JSON.parse(unescaped(line.slice(6))), templates: [] };
      continue;
    }
    if (current.templates.length === 0) groups.push(current);
    current.templates.push(...separate(unescaped(line)));
  }
  return groups;
}
