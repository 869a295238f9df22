import { toByteText } from "../byte-text.ts";

/** A place in a TOML text, with errors in the words of BurntSushi's parser. */
export class TomlReader {
  readonly text: string;
  at = 0;
  /** The key that is being read, for messages. */
  lastKey = "";

  constructor(text: string) {
    this.text = text.replace(/^\ufeff/u, "");
    const wrong = /(?![\t\r\n])[\0-\x1f\x7f]|\r(?!\n)/.exec(this.text);
    if (wrong !== null) {
      const code = wrong[0].charCodeAt(0).toString(16).padStart(2, "0");
      throw this.error(`TOML files cannot contain control characters: '0x${code}'`, wrong.index);
    }
    const raw = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(this.text);
    if (raw === null) return;
    const byte = toByteText(raw[0]).charCodeAt(0).toString(16);
    throw this.error(`invalid UTF-8 byte: 0x${byte}`, raw.index);
  }

  get char(): string {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  /** Takes what the sticky expression matches here, "" if it does not. */
  take(expression: RegExp): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  skipSpace(): void {
    this.take(/[ \t]*/y);
  }

  /** Blanks, line ends and comments. */
  skipLines(): void {
    this.take(/(?:[ \t\r\n]+|#[^\n]*)*/y);
  }

  /** An error that is found after the character here was read: a line end counts already. */
  errorBehind(message: string): Error {
    const lines = this.text.slice(0, this.at + 1).split("\n").length;
    return this.isAtEnd ? this.error(message) : this.#errorInLine(message, lines);
  }

  /** An error at a place; at the end of the text it belongs to the last line that has something. */
  error(message: string, at = this.at): Error {
    const before = this.text.slice(0, at);
    const isAfterLastLine = at >= this.text.length && before.endsWith("\n");
    const line = before.split("\n").length - (isAfterLastLine ? 1 : 0);
    return this.#errorInLine(message, line);
  }

  #errorInLine(message: string, line: number): Error {
    const key = this.lastKey === "" ? "" : ` (last key ${JSON.stringify(this.lastKey)})`;
    return new Error(`toml: line ${line}${key}: ${message}`);
  }
}

/** A character in single quotes, as %q writes it. */
export function quotedChar(char: string): string {
  if (char === "'") return String.raw`'\''`;
  return `'${JSON.stringify(char)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')}'`;
}
