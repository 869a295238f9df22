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

/** What a terminal acts on instead of showing it: a description must not be able to recolour, hide or reorder an answer. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

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
  const lines = [`${style.bold(printable(place))}: ${word} ${printable(problem.message)}`];
  const excerpt = fileText === undefined ? undefined : excerptOf(problem, fileText, style);
  if (excerpt !== undefined) lines.push(excerpt);
  if (problem.allowed !== undefined && !problem.message.includes(problem.allowed))
    lines.push(`  ${style.dim("allowed:")} ${printable(problem.allowed)}`);
  if (problem.suggestion !== undefined)
    lines.push(`  ${style.dim("did you mean")} ${style.good(printable(problem.suggestion))}?`);
  return lines.join("\n");
}

/** The line, or the part of a long one around the place, with a caret below. */
function excerptOf({ line, column }: Problem, fileText: string, style: ProblemStyle): string | undefined {
  const text = fileText.replace(/^\uFEFF/, "").split(lineBreak, line)[line - 1];
  if (text === undefined) return undefined;
  const number = String(line);
  const from = column <= excerptColumnsMax ? 0 : column - 1 - excerptColumnsMax / 2;
  const before = from > 0 ? "... " : "";
  const after = text.length > from + excerptColumnsMax ? " ..." : "";
  const shown = printable(text.slice(from, from + excerptColumnsMax).replaceAll("\t", " "));
  const caretIndent = " ".repeat(before.length + column - 1 - from);
  return [
    `  ${style.dim(`${number} |`)} ${before}${shown}${after}`,
    `  ${" ".repeat(number.length)} ${style.dim("|")} ${caretIndent}${style.bad("^")}`,
  ].join("\n");
}

function printable(text: string): string {
  return text.replaceAll(unprintable, "\uFFFD");
}
