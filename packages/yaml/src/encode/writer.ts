import { isBreak, isPrintable } from "./scalar-analysis.ts";

/** Longest line before a scalar is folded at a space. */
export const foldingWidth = 80;

const literalBreak = /([\n\u2028\u2029])/;
const anyBreak = /[\n\r\u0085\u2028\u2029]/;

/** The text written so far, and where its last line ends. Columns count characters. */
export class Writer {
  #text = "";
  #column = 0;
  /** The width after which spaces in scalars become line breaks. */
  readonly #width: number;
  /** Whether the last thing written separates. */
  whitespace = true;
  /** Whether the line has nothing but indentation so far (the '-' of sequences counts as such). */
  indention = true;

  constructor(width: number) {
    this.#width = width;
  }

  get text(): string {
    return this.#text;
  }

  get column(): number {
    return this.#column;
  }

  /** Writes text of one line. */
  #put(text: string): void {
    this.#text += text;
    this.#column += text.length;
  }

  newLine(): void {
    this.#text += "\n";
    this.#column = 0;
  }

  indent(indent: number): void {
    if (!this.indention || this.#column > indent || (this.#column === indent && !this.whitespace)) {
      this.newLine();
    }
    if (this.#column < indent) {
      this.#put(" ".repeat(indent - this.#column));
    }
    this.whitespace = true;
    this.indention = true;
  }

  /** '-', '?', ':' and empty collections. */
  indicator(text: string, options: { space: boolean; indention: boolean }): void {
    this.#space(options.space);
    this.#put(text);
    this.whitespace = false;
    this.indention = this.indention && options.indention;
  }

  #space(wanted: boolean): void {
    if (wanted && !this.whitespace) {
      this.#put(" ");
    }
  }

  #end(): void {
    this.whitespace = false;
    this.indention = false;
  }

  plain(text: string, indent: number, mayFold: boolean): void {
    this.#space(true);
    if (mayFold && this.#column + text.length > this.#width && text.includes(" ")) {
      this.#folding(text, { indent, trimmed: false, quotes: false });
    } else {
      this.#put(text);
      this.#correctColumn(text);
    }
    this.#end();
  }

  /** Astral characters are one column, two code units. */
  #correctColumn(text: string): void {
    for (let at = 0; at < text.length; at++) {
      if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) {
        this.#column--;
      }
    }
  }

  singleQuoted(text: string, indent: number, mayFold: boolean): void {
    this.#space(true);
    this.#put("'");
    this.indention = false;
    if (anyBreak.test(text) || (mayFold && this.#column + text.length > this.#width)) {
      this.#folding(text, { indent, trimmed: true, quotes: true, never: !mayFold });
    } else {
      this.#put(text.replaceAll("'", "''"));
    }
    this.#put("'");
    this.#end();
  }

  /** Writes character by character: a single space after the width becomes a line break. */
  #folding(text: string, how: { indent: number; trimmed: boolean; quotes: boolean; never?: boolean }): void {
    let spaces = false;
    let breaks = false;
    const last = text.length - 1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 32) {
        const inside = !how.trimmed || (at > 0 && at < last);
        const wide = how.never !== true && !spaces && this.#column > this.#width;
        if (wide && inside && text.charCodeAt(at + 1) !== 32) {
          this.indent(how.indent);
        } else {
          this.#put(" ");
        }
        spaces = true;
      } else if (isBreak(code)) {
        if (!breaks && code === 10) {
          this.newLine();
        }
        this.#putBreak(code);
        this.indention = true;
        breaks = true;
      } else {
        if (breaks) {
          this.indent(how.indent);
        }
        this.#put(how.quotes && code === 39 ? "''" : String.fromCharCode(code));
        this.indention = false;
        spaces = false;
        breaks = false;
      }
    }
  }

  #putBreak(code: number): void {
    if (code === 10) {
      this.newLine();
    } else {
      this.#text += String.fromCharCode(code);
      this.#column = 0;
    }
  }

  doubleQuoted(text: string, indent: number, mayFold: boolean): void {
    this.#space(true);
    this.#put('"');
    this.indention = false;
    let spaces = false;
    const last = text.length - 1;
    // go-yaml escapes all of a text that starts with a byte order mark.
    const all = text.charCodeAt(0) === 0xfeff;
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at) ?? 0;
      if (code === 32 && !all) {
        if (mayFold && !spaces && this.#column > this.#width && at > 0 && at < last) {
          this.indent(indent);
          if (text.charCodeAt(at + 1) === 32) {
            this.#put("\\");
          }
        } else {
          this.#put(" ");
        }
        spaces = true;
        continue;
      }
      spaces = false;
      if (all || !isPrintable(code) || isBreak(code) || code === 34 || code === 92) {
        this.#put(escapeOf(code));
      } else {
        this.#put(String.fromCharCode(code));
      }
      if (code > 0xffff) {
        at++;
      }
    }
    this.#put('"');
    this.#end();
  }

  literal(text: string, indent: number, indentHint: number): void {
    this.#space(true);
    const hint = text.startsWith(" ") || isBreak(text.charCodeAt(0)) ? String(indentHint) : "";
    this.#put(`|${hint}${chomping(text)}`);
    this.newLine();
    this.indention = true;
    this.whitespace = true;
    const margin = " ".repeat(indent);
    // Lines and the breaks between them, in turn.
    for (const [index, piece] of text.split(literalBreak).entries()) {
      if (index % 2 === 1) {
        this.#putBreak(piece.charCodeAt(0));
        this.indention = true;
      } else if (piece !== "") {
        this.#put(margin + piece);
        this.indention = false;
      }
    }
  }
}

function chomping(text: string): string {
  const last = text.length - 1;
  if (!isBreak(text.charCodeAt(last))) {
    return "-";
  }
  return last === 0 || isBreak(text.charCodeAt(last - 1)) ? "+" : "";
}

const shortEscapes = new Map<number, string>([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

function escapeOf(code: number): string {
  const short = shortEscapes.get(code);
  if (short !== undefined) {
    return `\\${short}`;
  }
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) {
    return `\\x${digits.padStart(2, "0")}`;
  }
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
