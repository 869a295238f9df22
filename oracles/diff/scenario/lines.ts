// A scenario file cut into blocks: a line at the margin, its attributes, and the indented text below it.
import { DiffError } from "../diff-error.ts";

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface Block {
  readonly line: number;
  readonly head: string;
  readonly attributes: readonly Attribute[];
  /** Without its indentation; undefined when there is none. */
  readonly body: string | undefined;
  /** Lines that begin with "- ", at the margin. */
  readonly items: readonly { readonly line: number; readonly text: string }[];
}

export interface Section {
  readonly line: number;
  readonly title: string;
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  readonly text: string;
}

interface OpenBlock {
  line: number;
  head: string;
  attributes: Attribute[];
  body: string[];
  items: { line: number; text: string }[];
}

interface OpenSection {
  line: number;
  title: string;
  attributes: Attribute[];
  blocks: OpenBlock[];
  lines: string[];
}

const attributePattern = /^(?<name>[A-Za-z][A-Za-z0-9-]*):(?:\s+(?<value>.*))?$/u;

export function syntaxError(file: string, line: number, message: string): DiffError {
  return new DiffError("syntax", `${file}:${line}: ${message}`);
}

export function cutIntoSections(file: string, text: string): Section[] {
  const sections: OpenSection[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const content = raw.trimEnd();
    if (content.includes("\t")) throw syntaxError(file, line, "a tab: indent with spaces");
    const section = sections.at(-1);
    section?.lines.push(content);
    if (content.startsWith("== ")) sections.push(openSection(line, content.slice(3).trim()));
    else if (content.startsWith("#")) continue;
    else if (section !== undefined) addLine(file, section, { line, content });
    else if (content !== "") throw syntaxError(file, line, 'text before the first scenario: begin one with "== name"');
  }
  return sections.map(closeSection);
}

function openSection(line: number, title: string): OpenSection {
  return { line, title, attributes: [], blocks: [], lines: [title] };
}

function addLine(file: string, section: OpenSection, at: { line: number; content: string }): void {
  const block = section.blocks.at(-1);
  const { line, content } = at;
  if (content === "" || content.startsWith("  ")) {
    if (block !== undefined) block.body.push(content.slice(2));
    else if (content !== "") throw syntaxError(file, line, "an indented line without a step above it");
    return;
  }
  if (content.startsWith(" "))
    throw syntaxError(file, line, "indented by one space: a step has none, a body two or more");
  if (content.startsWith("- ")) {
    if (block === undefined) throw syntaxError(file, line, 'a case without "cases" above it');
    block.items.push({ line, text: content.slice(2).trim() });
    return;
  }
  const attribute = attributePattern.exec(content)?.groups;
  if (attribute === undefined) {
    section.blocks.push({ line, head: content, attributes: [], body: [], items: [] });
    return;
  }
  if (block !== undefined && block.body.some((text) => text !== "")) {
    throw syntaxError(file, line, `"${attribute["name"]}:" below a body: attributes stand right under the step`);
  }
  const target = block?.attributes ?? section.attributes;
  target.push({ name: attribute["name"] ?? "", value: attribute["value"] ?? "", line });
}

function closeSection(section: OpenSection): Section {
  const { line, title, attributes } = section;
  return { line, title, attributes, blocks: section.blocks.map(closeBlock), text: section.lines.join("\n").trim() };
}

function closeBlock(block: OpenBlock): Block {
  const { line, head, attributes, items } = block;
  const body = block.body.join("\n").trim() === "" ? undefined : `${block.body.join("\n").trimEnd()}\n`;
  return { line, head, attributes, items, body };
}
