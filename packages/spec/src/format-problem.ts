import type { Problem } from "./problem.ts";

/** How parts of a message are made to stand out; plain text by default. */
export interface ProblemStyle {
  bold(text: string): string;
  dim(text: string): string;
  bad(text: string): string;
  warning(text: string): string;
  good(text: string): string;
}

const plain: ProblemStyle = {
  bold: (text) => text,
  dim: (text) => text,
  bad: (text) => text,
  warning: (text) => text,
  good: (text) => text,
};

const excerptColumnsMax = 160;

/** What ends a line in YAML 1.1; places are counted by it. */
export const lineBreak = /\r\n|[\r\n\u0085\u2028\u2029]/;

/**
 * ```
 * orders/service.yaml:6:19: error: spec.scale.min must be a whole number from 0 to 1000; found the text "two"
 *   6 |   scale: { min: two, max: 10 }
 *     |                 ^
 * ```
 */
export function formatProblem(problem: Problem, fileText: string | undefined, style: ProblemStyle = plain): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const word = problem.severity === "error" ? style.bad("error:") : style.warning("warning:");
  const lines = [`${style.bold(place)}: ${word} ${problem.message}`];
  const excerpt = fileText === undefined ? undefined : excerptOf(problem, fileText, style);
  if (excerpt !== undefined) lines.push(excerpt);
  if (problem.allowed !== undefined && !problem.message.includes(problem.allowed))
    lines.push(`  ${style.dim("allowed:")} ${problem.allowed}`);
  if (problem.suggestion !== undefined) lines.push(`  ${style.dim("did you mean")} ${style.good(problem.suggestion)}?`);
  return lines.join("\n");
}

function excerptOf({ line, column }: Problem, fileText: string, style: ProblemStyle): string | undefined {
  const text = fileText.split(lineBreak, line)[line - 1];
  if (text === undefined) return undefined;
  const number = String(line);
  const shown = text.slice(0, excerptColumnsMax).replaceAll("\t", " ");
  const caret =
    column <= excerptColumnsMax
      ? `\n  ${" ".repeat(number.length)} ${style.dim("|")} ${" ".repeat(column - 1)}${style.bad("^")}`
      : "";
  return `  ${style.dim(`${number} |`)} ${shown}${caret}`;
}
