// The tokens under the parser's eyes, and its way to complain about them.
import { TemplateError } from "../errors.ts";
import type { TemplateErrorCode } from "../errors.ts";
import type { TemplateSource } from "./node.ts";
import { type Token, type TokenKind, describeToken } from "./token.ts";

export class TokenStream {
  readonly source: TemplateSource;
  /** Line of the action that is being read, 0 outside: for errors that end on another line. */
  actionLine = 0;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;
  #furthest = 0;

  constructor(source: TemplateSource, tokens: readonly Token[]) {
    this.source = source;
    this.#tokens = tokens;
    this.#end = tokens.at(-1) ?? { kind: "eof", text: "", pos: 0, line: 1 };
  }

  get mark(): number {
    return this.#at;
  }

  reset(mark: number): void {
    this.#at = mark;
  }

  peek(): Token {
    if (this.#at > this.#furthest) this.#furthest = this.#at;
    return this.#tokens[this.#at] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === "space") token = this.next();
    return token;
  }

  peekNonSpace(): Token {
    while (this.peek().kind === "space") this.#at++;
    return this.peek();
  }

  expect(kinds: readonly TokenKind[], context: string): Token {
    const token = this.nextNonSpace();
    if (!kinds.includes(token.kind)) this.unexpected(token, context);
    return token;
  }

  unexpected(token: Token, context: string): never {
    if (token.kind !== "error") this.fail(`unexpected ${describeToken(token)} in ${context}`);
    let extra = "";
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      const started = ` started at ${this.source.name}:${this.actionLine}`;
      extra = token.text.endsWith(" action") ? started : ` in action${started}`;
    }
    return this.fail(token.text + extra);
  }

  /** Line of the last token that has been looked at: the one that errors name. */
  get line(): number {
    return (this.#tokens[this.#furthest] ?? this.#end).line;
  }

  fail(message: string, code: TemplateErrorCode = "parse", line: number = this.line): never {
    const template = this.source.name;
    throw new TemplateError(code, `template: ${template}:${line}: ${message}`, { template, line });
  }
}
