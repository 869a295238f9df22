import { hunks } from "../compare/line-diff.ts";
import type { ObjectChange } from "../compare/compare.ts";
import {
  objectName,
  summary,
  type ApplicationPreview,
  type PreviewProblem,
  type PreviewResult,
} from "./preview-result.ts";

/** How words are made to stand out; a plain style returns them as they are. */
export interface ReportStyle {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
}

const signs = { added: "+", removed: "-", changed: "~" } as const;
const contextLines = 3;

export function terminalReport(result: PreviewResult, style: ReportStyle): string {
  const blocks = result.applications.map((application) => applicationBlock(application, style));
  const problems = result.problems.map((problem) => problemLine(problem, style));
  return [...blocks, ...problems, style.bold(summary(result))].join("\n\n");
}

/** A repository must not steer the terminal of whoever looks at it. */
function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}

function applicationBlock(application: ApplicationPreview, style: ReportStyle): string {
  const target = [application.cluster, application.namespace].filter((part) => part !== "").join(" ");
  const lines = [
    `${style.bold(visible(application.name))} ${style.dim(`${application.status}${target === "" ? "" : ` · ${visible(target)}`}`)}`,
  ];
  for (const problem of application.problems) lines.push(`  ${problemLine(problem, style)}`);
  for (const object of application.objects) lines.push(...objectLines(object, style));
  for (const moved of application.moved)
    lines.push(style.dim(visible(`  = ${objectName(moved)}: moves from ${moved.from} to ${moved.to}, unchanged`)));
  return lines.join("\n");
}

function objectLines(object: ObjectChange, style: ReportStyle): readonly string[] {
  const paint = { added: style.good, removed: style.bad, changed: style.warning }[object.change];
  const head = `  ${paint(visible(`${signs[object.change]} ${objectName(object)}`))}`;
  if (!object.lines) return [head, style.dim("      (too large to show line by line)")];
  if (object.change !== "changed")
    return [`${head} ${style.dim(`(${object.lines.length} ${object.lines.length === 1 ? "line" : "lines"})`)}`];
  return [
    head,
    ...hunks(object.lines, contextLines).map(
      (line) => `      ${line ? paintLine(line.sign, line.text, style) : style.dim("...")}`,
    ),
  ];
}

function paintLine(sign: string, text: string, style: ReportStyle): string {
  const line = visible(`${sign} ${text}`);
  if (sign === "+") return style.good(line);
  return sign === "-" ? style.bad(line) : style.dim(line);
}

function problemLine(problem: PreviewProblem, style: ReportStyle): string {
  const word = problem.severity === "error" ? style.bad("error:") : style.warning("warning:");
  return `${word} ${visible(`${problem.subject} at ${problem.revision}: ${problem.message}`)}`;
}
