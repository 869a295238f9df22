import { dirname, join, normalize } from "node:path/posix";
import type { Violation } from "../repository.ts";

export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Links inside the repository lead somewhere, to the heading that they name. */
export function checkLinks(
  page: Page,
  exists: (path: string) => boolean,
  pageAt: (path: string) => Page | undefined,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [index, line] of withoutCode(page.text).split("\n").entries()) {
    for (const [, target = ""] of line.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
      const problem = linkProblem(page, target, { exists, pageAt });
      if (problem) violations.push({ path: page.path, line: index + 1, message: problem });
    }
  }
  return violations;
}

interface Lookup {
  readonly exists: (path: string) => boolean;
  readonly pageAt: (path: string) => Page | undefined;
}

function linkProblem(page: Page, target: string, lookup: Lookup): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  const [file = "", heading] = target.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), decodeURI(file))).replace(/\/$/, "");
  if (!lookup.exists(path)) return `link to ${target}, which does not exist`;
  if (heading === undefined) return undefined;
  const linked = path === page.path ? page : lookup.pageAt(path);
  if (linked && !anchorsOf(linked.text).has(heading)) return `link to ${target}: no such heading there`;
  return undefined;
}

/** Anchors as the usual forges make them from headings. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutCodeBlocks(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const base = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let anchor = base;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${base}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutCode(markdown: string): string {
  return withoutCodeBlocks(markdown).replaceAll(/`[^`\n]*`/g, "");
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replaceAll(/[^\n]/g, ""));
}
