// The tokens of a template and how messages name them.
import { firstRunes, byteLength } from "../go-string.ts";
import { quote } from "../strconv/quote.ts";

export type Keyword =
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

export type TokenKind =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "dot"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Index into the text of the template. */
  readonly pos: number;
  /** 1-based line where it starts. */
  readonly line: number;
}

const keywords: ReadonlySet<string> = new Set<Keyword>([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

export function isKeyword(word: string): word is Keyword {
  return keywords.has(word);
}

export function describeToken(token: Token): string {
  if (token.kind === "eof") return "EOF";
  if (token.kind === "error") return token.text;
  if (token.kind === "dot" || isKeyword(token.kind)) return `<${token.text}>`;
  return byteLength(token.text) > 10 ? `${quote(firstRunes(token.text, 10))}...` : quote(token.text);
}
