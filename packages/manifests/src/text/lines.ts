import { ManifestsError } from "../manifests-error.ts";
import { escapedForTemplate, scalar } from "./scalar.ts";

/** Finished lines of a file, which keep their shape wherever they are put. */
export interface Lines {
  readonly lines: readonly string[];
}

export type Part = string | number | boolean | Lines | readonly Lines[] | undefined;

type Tag = (strings: TemplateStringsArray, ...parts: readonly Part[]) => Lines;

/**
 * Writes YAML that reads in the source as it does in the file. Lines alone on a line are put there at its indentation, and
 * none leave no line; a value behind `key: ` or `- ` gets quotes if it needs them; inside of a text only what can't
 * change its meaning may stand.
 */
export const yaml: Tag = tagWith((text) => text);

/** The same for the templates of a chart: a value is never taken for one of their instructions. */
export const template: Tag = tagWith(escapedForTemplate);

export function fileText(parts: Lines): string {
  return `${parts.lines.join("\n")}\n`;
}

export const nothing: Lines = { lines: [] };

function tagWith(escape: (text: string) => string): Tag {
  return (strings, ...parts) => {
    let index = 0;
    const nextPart = (): Part => parts[index++];
    return { lines: dedented(strings.join(mark)).flatMap((line) => filled(line, nextPart, escape)) };
  };
}

/** Stands for a part until its line is known; a source file can't hold it. */
const mark = "\u0000";

function dedented(text: string): readonly string[] {
  const lines = text.replace(/^\n/, "").replace(/\n *$/, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent).trimEnd());
}

function filled(line: string, nextPart: () => Part, escape: (text: string) => string): readonly string[] {
  const pieces = line.split(mark);
  if (pieces.length === 1) return [line];
  const [before = "", after] = pieces;
  if (pieces.length === 2 && before.trim() === "" && after === "") {
    return linesOf(nextPart(), escape).map((each) => (each === "" ? "" : before + each));
  }
  const isComment = before.trimStart().startsWith("#");
  const text = pieces.reduce((text, piece, index) => {
    const isKey = text.trim() === "" && piece.startsWith(":");
    const isValue = index === pieces.length - 1 && piece === "" && /(: |- )$/.test(text);
    const isWhole = !isComment && (isKey || isValue);
    return text + (isWhole ? inline(nextPart(), escape) : harmless(nextPart())) + piece;
  });
  return [text];
}

function linesOf(part: Part, escape: (text: string) => string): readonly string[] {
  if (part === undefined) return [];
  if (typeof part !== "object") return [inline(part, escape)];
  return "lines" in part ? part.lines : part.flatMap(({ lines }) => lines);
}

function inline(part: Part, escape: (text: string) => string): string {
  if (typeof part === "string") return escape(scalar(part));
  if (typeof part === "number" || typeof part === "boolean") return String(part);
  throw new ManifestsError("defect", "a block of lines was put behind a key");
}

function harmless(part: Part): string {
  const text = typeof part === "string" || typeof part === "number" ? String(part) : undefined;
  if (text !== undefined && /^[A-Za-z0-9_./@:-]*$/.test(text)) return text;
  throw new ManifestsError("defect", `${JSON.stringify(part)} can't stand within a text`);
}
