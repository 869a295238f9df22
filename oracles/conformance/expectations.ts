import { OracleError } from "../machine/oracle-error.ts";
import type { SpecResult } from "./spec-result.ts";

/**
 * What specs are known to do, as a text file: a line is `passed NAME`, or `failed NAME`, or `skipped NAME`; the line
 * after one that did not pass, indented, says why. Lines that start with `#` are remarks.
 */
export interface Expectation {
  readonly name: string;
  readonly state: SpecResult["state"];
  readonly reason: string;
}

export function parseExpectations(text: string, source: string): Expectation[] {
  const found: Expectation[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const last = found.at(-1);
    if (/^\s/u.test(line) && last !== undefined && last.state !== "passed") {
      found[found.length - 1] = { ...last, reason: `${last.reason} ${line.trim()}`.trim() };
      continue;
    }
    const [, state, name] = /^(passed|failed|skipped) (\S.*)$/u.exec(line) ?? [];
    if (name === undefined || (state !== "passed" && state !== "failed" && state !== "skipped")) {
      throw new OracleError(
        "bad-input",
        `${source}:${index + 1}: expected passed, failed or skipped and a name: ${line}`,
      );
    }
    found.push({ name: name.trim(), state, reason: "" });
  }
  const twice = found.find((each, index) => found.findIndex((other) => other.name === each.name) !== index);
  if (twice !== undefined) throw new OracleError("bad-input", `${source} has ${twice.name} twice`);
  return found;
}

export function formatExpectations(remarks: readonly string[], expectations: readonly Expectation[]): string {
  const lines = remarks.map((remark) => `# ${remark}`.trimEnd());
  for (const { name, state, reason } of expectations) {
    lines.push(`${state} ${name}`);
    if (state !== "passed") lines.push(`    ${reason === "" ? "(no reason written down yet)" : reason}`);
  }
  return `${lines.join("\n")}\n`;
}

/** New results over what is written down: a reason stays as long as its spec does not pass; new failures give their message. */
export function mergeResults(known: readonly Expectation[], results: readonly SpecResult[]): Expectation[] {
  const merged = new Map(known.map((each) => [each.name, each]));
  for (const { name, state, message } of results) {
    const before = merged.get(name);
    const kept = before !== undefined && before.state === state ? before.reason : "";
    merged.set(name, { name, state, reason: state === "passed" ? "" : kept || message });
  }
  return [...merged.values()].sort((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)));
}

export interface Regression {
  readonly name: string;
  readonly reason: string;
}

/** The specs that are expected to pass and didn't: a spec that is gone counts as well. */
export function regressions(expected: readonly string[], results: readonly SpecResult[]): Regression[] {
  const byName = new Map(results.map((result) => [result.name, result]));
  return expected.flatMap((name): Regression[] => {
    const result = byName.get(name);
    if (result === undefined)
      return [{ name, reason: "it was not run: the suite has no such spec, or the run broke off" }];
    return result.state === "passed" ? [] : [{ name, reason: `${result.state}: ${result.message}` }];
  });
}

/** The specs that pass though nobody expects it. */
export function namesNotListed(expected: readonly string[], results: readonly SpecResult[]): string[] {
  const known = new Set(expected);
  return results.filter(({ name, state }) => state === "passed" && !known.has(name)).map(({ name }) => name);
}
