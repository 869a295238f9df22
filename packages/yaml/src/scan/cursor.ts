import { breakBit, classOf } from "../characters.ts";
import type { SourceText } from "../source-text.ts";
import type { YamlError } from "../yaml-error.ts";

/** Where something began, to say so in an error. */
export interface Mark {
  offset: number;
  line: number;
}

/** The place of the scanner in the text, and what its surroundings allow. */
export class Cursor {
  readonly source: SourceText;
  readonly text: string;
  at: number;
  /** 0-based. */
  line = 0;
  lineStart: number;
  flowLevel = 0;
  /** Column of the innermost block collection, -1 outside of all. */
  indent = -1;
  simpleKeyAllowed = true;
  /** Whether the last fold went over a line break. */
  folded = false;

  /** `from` is the start of a line. */
  constructor(source: SourceText, from: number) {
    this.source = source;
    this.text = source.text;
    this.at = from;
    this.lineStart = from;
    this.line = from === source.start ? 0 : source.position(from).line - 1;
  }

  /** Steps over the line break at the cursor and returns what it stands for in a scalar. */
  takeBreak(): string {
    const code = this.text.charCodeAt(this.at);
    if (code === 13 && this.text.charCodeAt(this.at + 1) === 10) {
      this.at++;
    }
    this.at++;
    this.line++;
    this.lineStart = this.at;
    return code > 0xff ? String.fromCharCode(code) : "\n";
  }

  skipBlanks(): void {
    let code = this.text.charCodeAt(this.at);
    while (code === 32 || code === 9) {
      code = this.text.charCodeAt(++this.at);
    }
  }

  skipComment(): void {
    const { text } = this;
    if (text.charCodeAt(this.at) !== 35) {
      return;
    }
    let at = this.at;
    let code = 35;
    while ((code > 13 && code < 0x85) || (classOf(code) & (breakBit | 4)) === 0) {
      code = text.charCodeAt(++at);
    }
    this.at = at;
  }

  mark(): Mark {
    return { offset: this.at, line: this.line };
  }

  /** "---" or "..." at the start of a line. */
  atDocumentIndicator(): boolean {
    if (this.at !== this.lineStart) {
      return false;
    }
    const code = this.text.charCodeAt(this.at);
    return (
      (code === 45 || code === 46) &&
      this.text.charCodeAt(this.at + 1) === code &&
      this.text.charCodeAt(this.at + 2) === code &&
      (classOf(this.text.charCodeAt(this.at + 3)) & 7) !== 0
    );
  }

  /** An error at the cursor. Go counts lines of scanner errors from one, but leaves the first line out. */
  error(context: string, start: Mark, problem: string): YamlError {
    const line = this.line === 0 ? start.line : this.line + 1;
    const found = describe(this.text, this.at, this.source.length);
    const place = this.source.position(start.offset).line;
    const where = context === "" ? "" : ` (${context} that started on line ${place})`;
    return this.source.error({
      code: "syntax",
      offset: this.at,
      message: `${problem}, found ${found}${where}`,
      goMessage: line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`,
    });
  }
}

/** The character at an offset in words for an error message. */
export function describe(text: string, offset: number, length: number): string {
  if (offset >= length) {
    return "the end of the text";
  }
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (character === "\t") {
    return "a tab";
  }
  if (character === " ") {
    return "a space";
  }
  return (classOf(character.charCodeAt(0)) & breakBit) !== 0 ? "the end of the line" : `"${character}"`;
}
