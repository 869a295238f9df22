import { visit } from "./ast.ts";
import type { CallExpr, Expr, ListExpr } from "./ast.ts";
import { CelError } from "./cel-error.ts";
import type { Problem } from "./cel-error.ts";
import { formatText } from "./library/format-text.ts";
import { readDuration, readTimestamp } from "./library/moments.ts";
import { compileRegexp } from "./regexp/go-regexp.ts";
import type { Value } from "./value.ts";

/** Mistakes in written texts that would fail every time: patterns, times, durations, formats. */
export function literalProblems(expr: Expr): Problem[] {
  const problems: Problem[] = [];
  visit(expr, (part) => {
    if (part.kind !== "call") return;
    const last = part.args.at(-1);
    if (part.name === "format" && last?.kind === "list") {
      const problem = formatProblem(part, last);
      if (problem !== undefined) problems.push(problem);
    }
    if (last?.kind !== "literal" || typeof last.value !== "string") return;
    if (CHECKS[part.name]?.(last.value) === false) {
      problems.push({ offset: last.offset, message: `invalid ${part.name} argument` });
    }
  });
  return problems;
}

const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  matches: isPattern,
  timestamp: (text) => readTimestamp(text) !== undefined,
  duration: (text) => readDuration(text) !== undefined,
};

function isPattern(text: string): boolean {
  try {
    compileRegexp(text);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function formatProblem({ target, offset }: CallExpr, list: ListExpr): Problem | undefined {
  const format = target?.kind === "literal" ? target.value : undefined;
  if (typeof format !== "string") return undefined;
  const values = list.items.map(({ value }) => (value.kind === "literal" ? value.value : undefined));
  if (values.includes(undefined)) return undefined;
  try {
    formatText(format, values as readonly Value[]);
    return undefined;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const isOfArgument = error.message.startsWith("error during formatting");
    return { offset: isOfArgument ? (list.items[0]?.value.offset ?? offset) : offset, message: error.message };
  }
}

/** Written patterns are compiled with the expression. */
export function patternProblem(expr: Expr): string | undefined {
  let problem: string | undefined;
  visit(expr, (part) => {
    if (part.kind !== "call" || (part.name !== "find" && part.name !== "findAll")) return;
    const [pattern] = part.args;
    if (pattern?.kind !== "literal" || typeof pattern.value !== "string") return;
    try {
      compileRegexp(pattern.value);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problem ??= error.message;
    }
  });
  return problem;
}
