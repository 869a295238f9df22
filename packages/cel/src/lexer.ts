import type { Problem } from "./cel-error.ts";

export interface Token {
  readonly kind: "number" | "string" | "bytes" | "name" | "escaped-name" | "symbol" | "end";
  readonly text: string;
  /** In characters. */
  readonly offset: number;
}

const PATTERNS: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /(?:[\t \r\n\f]|\/\/[^\n]*)+/uy],
  ["number", /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|0x[0-9a-fA-F]+[uU]?|\d+[uU]?)/uy],
  ["bytes", /[bB][rR]?(?:"""|'''|"|')/uy],
  ["string", /[rR]?(?:"""|'''|"|')/uy],
  ["name", /[A-Za-z_][A-Za-z0-9_]*/uy],
  ["escaped-name", /`[A-Za-z0-9_./ -]+`/uy],
  ["symbol", /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/uy],
];

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
}

/** Splits a text into tokens. Names of positions count characters, not UTF-16 units. */
export function lex(text: string): Lexed {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let unit = 0;
  let offset = 0;
  while (unit < text.length) {
    const found = match(text, unit);
    if (found === undefined) {
      const bad = shown(text.slice(unit), String.fromCodePoint(text.codePointAt(unit) ?? 0));
      problems.push({ offset, message: `Syntax error: token recognition error at: '${bad}'` });
      unit += bad.length;
      offset += characters(bad);
      continue;
    }
    const [kind, token] = found;
    if (kind !== "space") tokens.push({ kind, text: token, offset });
    unit += token.length;
    offset += characters(token);
  }
  tokens.push({ kind: "end", text: "<EOF>", offset });
  return { tokens, problems };
}

/** A string that isn't closed is shown whole. */
function shown(rest: string, character: string): string {
  return /^[rRbB]*["']/.test(rest) ? (rest.split("\n")[0] ?? rest) : character;
}

export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function match(text: string, unit: number): readonly [Token["kind"] | "space", string] | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = unit;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    if (kind !== "string" && kind !== "bytes") return [kind, found];
    const end = stringEnd(text, unit, found);
    if (end !== undefined) return [kind, text.slice(unit, end)];
  }
  return undefined;
}

function stringEnd(text: string, start: number, opening: string): number | undefined {
  const quote = opening.replace(/^[bBrR]+/, "");
  const isRaw = /[rR]/.test(opening);
  let position = start + opening.length;
  while (position < text.length) {
    if (text.startsWith(quote, position)) return position + quote.length;
    const character = text[position] ?? "";
    if (quote.length === 1 && (character === "\n" || character === "\r")) return undefined;
    position += character === "\\" && !isRaw ? 2 : 1;
  }
  return undefined;
}
