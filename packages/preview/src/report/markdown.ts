import { hunks, type DiffLine } from "../compare/line-diff.ts";
import type { ObjectChange } from "../compare/compare.ts";
import { commentCharactersMax } from "../limits.ts";
import {
  objectName,
  summary,
  type ApplicationPreview,
  type PreviewProblem,
  type PreviewResult,
} from "./preview-result.ts";

/** Found again by the next run, which replaces the comment instead of adding one. */
export const commentMarker = "<!-- fairway preview -->";

const contextLines = 3;

/**
 * A comment for a pull request. Each application folds. What does not fit is said by name, and never cut in the middle:
 * a half difference reads like a whole one.
 */
export function markdownReport(result: PreviewResult, charactersMax = commentCharactersMax): string {
  const head = [
    commentMarker,
    `### Preview: \`${result.base}\` → \`${result.head}\``,
    summary(result),
    ...result.problems.map(problemItem),
  ].join("\n\n");
  const parts = [head];
  let length = head.length;
  const left: string[] = [];
  // Room for the list of what was left out.
  const room = charactersMax - Math.min(4_000, charactersMax / 10);
  for (const application of result.applications) {
    const whole = applicationSection(application, true);
    const section = length + whole.length <= room ? whole : applicationSection(application, false);
    if (length + section.length > room) left.push(application.name);
    else {
      parts.push(section);
      length += section.length + 2;
    }
  }
  if (left.length > 0) parts.push(leftOut(left, charactersMax - length - 2));
  return `${parts.join("\n\n")}\n`;
}

function applicationSection(application: ApplicationPreview, withLines: boolean): string {
  const counts = (["added", "changed", "removed"] as const).flatMap((change) => {
    const number = application.objects.filter((object) => object.change === change).length;
    return number === 0 ? [] : [`${number} ${change}`];
  });
  if (application.moved.length > 0) counts.push(`${application.moved.length} moved`);
  const title = `<b>${escaped(application.name)}</b> ${escaped(application.status)}${counts.length === 0 ? "" : ` (${counts.join(", ")})`}`;
  const body = [
    ...application.problems.map(problemItem),
    ...application.objects.map((object) => objectSection(object, withLines)),
    ...application.moved.map(
      (moved) => `- \`${objectName(moved)}\` moves from ${moved.from} to ${moved.to}, unchanged`,
    ),
  ];
  return [`<details>`, `<summary>${title}</summary>`, "", body.join("\n\n"), "", `</details>`].join("\n");
}

function objectSection(object: ObjectChange, withLines: boolean): string {
  const head = `**${object.change}** \`${objectName(object)}\``;
  if (!object.lines) return `${head} (too large to show line by line)`;
  if (!withLines) return head;
  const text = hunks(object.lines, contextLines).map(lineText).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${head}\n\n${fence}diff\n${text}\n${fence}`;
}

function lineText(line: DiffLine | undefined): string {
  return line ? `${line.sign}${line.text}` : "@@ @@";
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function problemItem(problem: PreviewProblem): string {
  const mark = problem.severity === "error" ? "❌" : "⚠️";
  return `- ${mark} \`${problem.subject}\` at \`${problem.revision}\`: ${escaped(problem.message)}`;
}

function leftOut(names: readonly string[], characters: number): string {
  const head = `Not shown for length: ${names.length} more. The full preview is in the job's output: `;
  let list = "";
  for (const [index, name] of names.entries()) {
    const more = ` and ${names.length - index} others`;
    if (head.length + list.length + name.length + more.length + 2 > characters) return head + list + more;
    list += (index === 0 ? "" : ", ") + name;
  }
  return head + list;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
