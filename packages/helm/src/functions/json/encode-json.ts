import { mapKeys } from "@fairway/gotemplate";
import { type JsonTree, jsonTree } from "./json-tree.ts";

export interface JsonStyle {
  /** Write <, > and & as escapes, as encoding/json does unless it is told otherwise. */
  readonly escapeHtml: boolean;
  readonly indent: boolean;
}

/** The text that encoding/json writes for the value, or its error. */
export function encodeJson(value: unknown, style: JsonStyle): string {
  return textOf(jsonTree(value), style, "\n");
}

function textOf(tree: JsonTree, style: JsonStyle, newLine: string): string {
  if (typeof tree === "string") return quoted(tree, style.escapeHtml);
  if (typeof tree === "number") return Object.is(tree, -0) ? "-0" : String(tree);
  if (typeof tree !== "object" || tree === null) return String(tree);
  const inner = style.indent ? `${newLine}  ` : newLine;
  if (Array.isArray(tree)) {
    const items = tree.map((item) => textOf(item, style, inner));
    return enclosed("[]", items, { style, newLine, inner });
  }
  const colon = style.indent ? ": " : ":";
  const members = mapKeys(tree).map(
    (key) => quoted(key, style.escapeHtml) + colon + textOf(tree[key] ?? null, style, inner),
  );
  return enclosed("{}", members, { style, newLine, inner });
}

interface Layout {
  readonly style: JsonStyle;
  readonly newLine: string;
  readonly inner: string;
}

function enclosed(brackets: string, items: readonly string[], { style, newLine, inner }: Layout): string {
  if (items.length === 0) return brackets;
  const [open = "", close = ""] = brackets;
  if (!style.indent) return open + items.join(",") + close;
  return open + inner + items.join(`,${inner}`) + newLine + close;
}

const plain = /^[^"\\<>&\0-\x1f\u2028\u2029]*$/u;

/** A byte that is no UTF-8 is written as this escape; U+FFFD itself stands for itself. */
const rawByte = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const rawEscape = String.raw`\ufffd`;

function quoted(text: string, escapeHtml: boolean): string {
  if (!text.isWellFormed())
    return text
      .split(rawByte)
      .map((part) => quoted(part, escapeHtml).slice(1, -1))
      .join(rawEscape)
      .replace(/^|$/gu, '"');
  if (plain.test(text)) return `"${text}"`;
  // JSON.stringify leaves the line separators alone; Go does not.
  const always = JSON.stringify(text).replace(/[\u2028\u2029]/gu, escape);
  return escapeHtml ? always.replace(/[<>&]/gu, escape) : always;
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
