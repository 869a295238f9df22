import { HelmError } from "../errors.ts";
import { basePath } from "../text/go-path.ts";
import { compilePathPattern } from "../text/path-match.ts";

/** Says whether a path of the chart folder is left out. `directory` tells what the path is. */
export type IgnoreRules = (path: string, directory: boolean) => boolean;

interface Rule {
  readonly negate: boolean;
  readonly directoriesOnly: boolean;
  readonly matches: (path: string) => boolean;
}

/** The rules of a `.helmignore` text, with Helm's default that hidden files of `templates/` are left out. */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r?\n/u);
  const rules = [...lines, "templates/.?*"].flatMap(parseRule);
  return (path, directory) => ignores(rules, path, directory);
}

/** Helm's own reading of negation: a negated rule drops everything that it does not match, and lets the rest go on. */
function ignores(rules: readonly Rule[], path: string, directory: boolean): boolean {
  for (const rule of rules) {
    const applies = directory || !rule.directoriesOnly;
    if (rule.negate) {
      if (!applies || !rule.matches(path)) return true;
    } else if (applies && rule.matches(path)) {
      return true;
    }
  }
  return false;
}

function parseRule(line: string): Rule[] {
  let pattern = line.trim();
  if (pattern === "" || pattern.startsWith("#")) return [];
  if (pattern.includes("**")) throw new HelmError("chart-invalid", "double-star (**) syntax is not supported");
  if (compilePathPattern(pattern) === undefined) throw new HelmError("chart-invalid", "syntax error in pattern");
  const negate = pattern.startsWith("!");
  if (negate) pattern = pattern.slice(1);
  const directoriesOnly = pattern.endsWith("/");
  if (directoriesOnly) pattern = pattern.slice(0, -1);
  return [{ negate, directoriesOnly, matches: pathTest(pattern) }];
}

function pathTest(pattern: string): (path: string) => boolean {
  const rooted = pattern.startsWith("/");
  const matches = compilePathPattern(rooted ? pattern.slice(1) : pattern) ?? (() => false);
  if (rooted || pattern.includes("/")) return matches;
  return (path) => matches(basePath(path));
}
