import { OracleError } from "../machine/oracle-error.ts";

/** A story for the shell. */
export interface Section {
  readonly title: string;
  readonly script: string;
  /** An API group without which the section says nothing. */
  readonly needs: string | undefined;
}

/** `=== title`, and lines of bash below it; a first line `needs GROUP` is not for bash. Comments stand before all. */
export function parseSections(text: string, file: string): readonly Section[] {
  const [head = "", ...parts] = text.split(/^=== /mu);
  const stray = head.split("\n").find((line) => line !== "" && !line.startsWith("#"));
  if (stray !== undefined) throw new OracleError("bad-input", `${file}: before the first section: ${stray}`);
  return parts.map((part) => {
    const [title = "", ...lines] = part.split("\n");
    const needs = /^needs (\S+)$/u.exec(lines[0] ?? "")?.[1];
    return { title, script: lines.slice(needs === undefined ? 0 : 1).join("\n"), needs };
  });
}
