// Cuts a template into tokens. An error is a token too, always the last one.
import { isAlphaNumeric } from "../strconv/unicode.ts";
import { quote, runeName } from "../strconv/quote.ts";
import { type Token, type TokenKind, isKeyword } from "./token.ts";

export interface Delimiters {
  readonly left: string;
  readonly right: string;
}

export interface LexerOptions extends Delimiters {
  /** False where a function of that name exists: it is no keyword then. */
  readonly breakIsKeyword: boolean;
  readonly continueIsKeyword: boolean;
}

const leadingSpace = /[ \t\r\n]*/y;
const space = 0x20;
const endOfText = -1;

function isSpace(code: number): boolean {
  return code === space || code === 9 || code === 10 || code === 13;
}

export class Lexer {
  readonly #text: string;
  readonly #options: LexerOptions;
  readonly #tokens: Token[] = [];
  #at = 0;
  #start = 0;
  /** The line that has been counted up to, and where it ends. */
  #line = 1;
  #lineEnd: number;
  #parens = 0;

  constructor(text: string, options: LexerOptions) {
    this.#text = text;
    this.#options = options;
    this.#lineEnd = text.indexOf("\n");
  }

  tokens(): Token[] {
    while (this.#lexText() && this.#lexAction()) {
      // Text and actions follow one another until the end of the text or an error.
    }
    return this.#tokens;
  }

  #peek(): number {
    const code = this.#text.codePointAt(this.#at);
    return code ?? endOfText;
  }

  #next(): number {
    const code = this.#peek();
    if (code !== endOfText) this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #lineAt(pos: number): number {
    while (this.#lineEnd >= 0 && this.#lineEnd < pos) {
      this.#line++;
      this.#lineEnd = this.#text.indexOf("\n", this.#lineEnd + 1);
    }
    return this.#line;
  }

  #emit(kind: TokenKind): true {
    const pos = this.#start;
    this.#tokens.push({ kind, text: this.#text.slice(pos, this.#at), pos, line: this.#lineAt(pos) });
    this.#start = this.#at;
    return true;
  }

  #fail(message: string): false {
    this.#tokens.push({ kind: "error", text: message, pos: this.#start, line: this.#lineAt(this.#start) });
    return false;
  }

  #hasLeftTrim(at: number): boolean {
    return this.#text[at] === "-" && isSpace(this.#text.charCodeAt(at + 1));
  }

  #hasRightTrim(at: number): boolean {
    return this.#text[at + 1] === "-" && isSpace(this.#text.charCodeAt(at));
  }

  #skipSpace(): void {
    leadingSpace.lastIndex = this.#at;
    leadingSpace.test(this.#text);
    this.#at = leadingSpace.lastIndex;
    this.#start = this.#at;
  }

  /** Text up to the next action, and comments; false at the end. */
  #lexText(): boolean {
    const { left } = this.#options;
    for (;;) {
      const open = this.#text.indexOf(left, this.#at);
      if (open < 0) {
        this.#at = this.#text.length;
        if (this.#at > this.#start) this.#emit("text");
        this.#emit("eof");
        return false;
      }
      const inside = open + left.length;
      const trim = this.#hasLeftTrim(inside);
      this.#emitText(open, trim);
      this.#at = this.#start = open;
      const body = inside + (trim ? 2 : 0);
      if (!this.#text.startsWith("/*", body)) {
        this.#at = inside;
        this.#emit("leftDelim");
        this.#at = this.#start = body;
        this.#parens = 0;
        return true;
      }
      this.#at = this.#start = body;
      if (!this.#lexComment()) return false;
    }
  }

  #emitText(open: number, trim: boolean): void {
    let end = open;
    if (trim) while (end > this.#start && isSpace(this.#text.charCodeAt(end - 1))) end--;
    this.#at = end;
    if (end > this.#start) this.#emit("text");
  }

  #lexComment(): boolean {
    const close = this.#text.indexOf("*/", this.#at + 2);
    if (close < 0) return this.#fail("unclosed comment");
    this.#at = close + 2;
    const delimiter = this.#rightDelimiter();
    if (delimiter === "none") return this.#fail("comment ends before closing delimiter");
    this.#at += this.#options.right.length + (delimiter === "trim" ? 2 : 0);
    this.#start = this.#at;
    if (delimiter === "trim") this.#skipSpace();
    return true;
  }

  #rightDelimiter(): "none" | "plain" | "trim" {
    const { right } = this.#options;
    if (this.#hasRightTrim(this.#at) && this.#text.startsWith(right, this.#at + 2)) return "trim";
    return this.#text.startsWith(right, this.#at) ? "plain" : "none";
  }

  /** One whole action; false after an error. */
  #lexAction(): boolean {
    for (;;) {
      const delimiter = this.#rightDelimiter();
      if (delimiter !== "none") {
        if (this.#parens > 0) return this.#fail("unclosed left paren");
        if (delimiter === "trim") this.#at = this.#start = this.#at + 2;
        this.#at += this.#options.right.length;
        this.#emit("rightDelim");
        if (delimiter === "trim") this.#skipSpace();
        return true;
      }
      if (!this.#lexToken()) return false;
    }
  }

  #lexToken(): boolean {
    const code = this.#next();
    if (code === endOfText) return this.#fail("unclosed action");
    if (isSpace(code)) return this.#lexSpace();
    switch (String.fromCodePoint(code)) {
      case "=":
        return this.#emit("assign");
      case ":":
        return this.#next() === 0x3d ? this.#emit("declare") : this.#fail("expected :=");
      case "|":
        return this.#emit("pipe");
      case '"':
        return this.#lexQuoted(0x22, "string", "unterminated quoted string");
      case "'":
        return this.#lexQuoted(0x27, "charConstant", "unterminated character constant");
      case "`":
        return this.#lexRawString();
      case "$":
        return this.#lexName("variable", "variable");
      case "(":
        this.#parens++;
        return this.#emit("leftParen");
      case ")":
        return this.#parens-- > 0 ? this.#emit("rightParen") : this.#fail("unexpected right paren");
      default:
        return this.#lexWord(code);
    }
  }

  #lexWord(code: number): boolean {
    const following = this.#text.charCodeAt(this.#at);
    const beforeDigit = following >= 48 && following <= 57;
    if (code === 0x2e && this.#at < this.#text.length && !beforeDigit) return this.#lexName("field", "dot");
    if (code === 0x2e || code === 0x2b || code === 0x2d || (code >= 48 && code <= 57)) {
      this.#at = this.#start;
      return this.#lexNumber();
    }
    if (isAlphaNumeric(code)) return this.#lexIdentifier();
    if (code > space && code < 0x7f) return this.#emit("char");
    return this.#fail(`unrecognized character in action: ${runeName(code)}`);
  }

  #lexSpace(): boolean {
    while (isSpace(this.#peek())) this.#at++;
    // The last space may be the one of a closing " -}}".
    if (this.#hasRightTrim(this.#at - 1) && this.#text.startsWith(this.#options.right, this.#at + 1)) {
      this.#at--;
      if (this.#at === this.#start) return true;
    }
    return this.#emit("space");
  }

  #skipAlphaNumeric(): void {
    while (isAlphaNumeric(this.#peek())) this.#next();
  }

  /** Nothing else may follow a name, so that `$x+2` stays an error. */
  #atTerminator(): boolean {
    const code = this.#peek();
    if (code === endOfText || isSpace(code)) return true;
    return ".,|:)(".includes(String.fromCodePoint(code)) || this.#text.startsWith(this.#options.right, this.#at);
  }

  /** A field or variable behind its `.` or `$`; alone, that sign is the dot or the root variable. */
  #lexName(kind: TokenKind, alone: TokenKind): boolean {
    if (this.#atTerminator()) return this.#emit(alone);
    this.#skipAlphaNumeric();
    return this.#atTerminator() ? this.#emit(kind) : this.#failAtCharacter();
  }

  #failAtCharacter(): false {
    return this.#fail(`bad character ${runeName(this.#peek())}`);
  }

  #lexIdentifier(): boolean {
    this.#skipAlphaNumeric();
    if (!this.#atTerminator()) return this.#failAtCharacter();
    const word = this.#text.slice(this.#start, this.#at);
    if (word === "true" || word === "false") return this.#emit("bool");
    const { breakIsKeyword, continueIsKeyword } = this.#options;
    const isName = (word === "break" && !breakIsKeyword) || (word === "continue" && !continueIsKeyword);
    return this.#emit(isKeyword(word) && !isName ? word : "identifier");
  }

  #lexQuoted(quoteCode: number, kind: TokenKind, problem: string): boolean {
    for (;;) {
      let code = this.#next();
      if (code === quoteCode) return this.#emit(kind);
      if (code === 0x5c) {
        code = this.#next();
        if (code === endOfText || code === 10) return this.#fail(problem);
      } else if (code === endOfText || code === 10) {
        return this.#fail(problem);
      }
    }
  }

  #lexRawString(): boolean {
    const close = this.#text.indexOf("`", this.#at);
    if (close < 0) return this.#fail("unterminated raw quoted string");
    this.#at = close + 1;
    return this.#emit("rawString");
  }

  #lexNumber(): boolean {
    if (!this.#scanNumber()) return this.#failNumber();
    const sign = this.#peek();
    if (sign !== 0x2b && sign !== 0x2d) return this.#emit("number");
    if (!this.#scanNumber() || this.#text[this.#at - 1] !== "i") return this.#failNumber();
    return this.#emit("complex");
  }

  #failNumber(): false {
    return this.#fail(`bad number syntax: ${quote(this.#text.slice(this.#start, this.#at))}`);
  }

  /** What may be a number; whether it is one is for the parser to say. */
  #scanNumber(): boolean {
    numberShape.lastIndex = this.#at;
    numberShape.test(this.#text);
    this.#at = numberShape.lastIndex;
    if (!isAlphaNumeric(this.#peek())) return true;
    this.#next();
    return false;
  }
}

const numberShape =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
