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
 * a half difference reads like a whole one. The length holds from 1,000 characters on.
 */
export function markdownReport(result: PreviewResult, charactersMax = commentCharactersMax): string {
  const title = `### Preview: ${code(result.base)} → ${code(result.head)}`;
  const parts = [[commentMarker, title, summary(result)].join("\n\n")];
  // Room for the list of what was left out.
  let room = charactersMax - Math.max(300, Math.min(4_000, charactersMax / 10)) - lengthOf(parts);
  const add = (part: string): boolean => {
    if (part.length + 2 > room) return false;
    room -= part.length + 2;
    return parts.push(part) > 0;
  };
  const problemsLeft = result.problems.filter((problem) => !add(problemItem(problem)));
  const left = result.applications.filter(
    (application) => !add(applicationSection(application, true)) && !add(applicationSection(application, false)),
  );
  if (problemsLeft.length > 0 || left.length > 0) {
    const names = left.map((application) => escaped(application.name));
    parts.push(leftOut(names, problemsLeft.length, charactersMax - lengthOf(parts) - 3));
  }
  return `${parts.join("\n\n")}\n`;
}

function lengthOf(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + part.length + 2, 0);
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
      (moved) => `- ${code(objectName(moved))} moves from ${escaped(moved.from)} to ${escaped(moved.to)}, unchanged`,
    ),
  ];
  return [`<details>`, `<summary>${title}</summary>`, "", body.join("\n\n"), "", `</details>`].join("\n");
}

function objectSection(object: ObjectChange, withLines: boolean): string {
  const head = `**${object.change}** ${code(objectName(object))}`;
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
  const message = escaped(problem.message.replaceAll(/\s*\n\s*/g, " "));
  return `- ${mark} ${code(problem.subject)} at ${code(problem.revision)}: ${message}`;
}

function leftOut(names: readonly string[], problems: number, characters: number): string {
  const applications = names.length === 1 ? "1 application" : `${names.length} applications`;
  const rest = problems === 0 ? "" : ` and ${problems} problems`;
  const head = `Not shown for length: ${applications}${rest}. The full preview is in the job's output. `;
  let list = "";
  for (const [index, name] of names.entries()) {
    const more = ` and ${names.length - index} others`;
    if (head.length + list.length + name.length + more.length + 2 > characters) return head + list + more;
    list += (index === 0 ? "" : ", ") + name;
  }
  return head + list;
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
