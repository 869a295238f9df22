import { classOf, breakBit } from "./characters.ts";
import type { YamlLimits } from "./limits.ts";
import { YamlError } from "./yaml-error.ts";
import type { Position, YamlErrorCode, YamlProblem } from "./yaml-error.ts";

const excerptLengthMax = 120;

/** What YAML 1.1 does not allow in a stream; the pairs of astral characters are looked at apart. */
const forbidden = new RegExp("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ufffe\\uffff]");

/** A text that may be scanned: checked characters, a terminating NUL, and places on demand. */
export class SourceText {
  /** The text followed by NULs, so that the scanner may look three characters ahead without asking for the length. */
  readonly text: string;
  readonly length: number;
  /** A byte order mark at the start is not part of the content. */
  readonly start: number;
  #lineStarts: number[] | undefined;

  constructor(text: string, limits: YamlLimits) {
    this.length = text.length;
    this.text = `${text}\0\0\0\0`;
    this.start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    if (text.length > limits.textLengthMax) {
      throw this.error({
        code: "too-long",
        offset: 0,
        message: `the text has ${text.length} characters; at most ${limits.textLengthMax} are read`,
      });
    }
    this.#checkCharacters(text);
  }

  #checkCharacters(text: string): void {
    const found = forbidden.exec(text);
    if (found !== null) {
      const code = text.charCodeAt(found.index).toString(16).toUpperCase().padStart(4, "0");
      throw this.error({
        code: "character",
        offset: found.index,
        message: `found the control character U+${code}; write it as an escape in a double-quoted string`,
        goMessage: "yaml: control characters are not allowed",
      });
    }
    if (!text.isWellFormed()) {
      throw this.error({
        code: "character",
        offset: loneSurrogate(text),
        message: "found half of a surrogate pair; the text was not decoded from valid Unicode",
        goMessage: "yaml: invalid Unicode character",
      });
    }
  }

  position(offset: number): Position {
    const starts = (this.#lineStarts ??= this.#findLineStarts());
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
  }

  problem(details: ProblemDetails): YamlProblem {
    const position = this.position(Math.min(details.offset, this.length));
    return {
      code: details.code,
      message: details.message,
      goMessage: details.goMessage ?? `yaml: line ${position.line}: ${details.message}`,
      position,
      excerpt: this.#excerpt(position),
    };
  }

  error(details: ProblemDetails): YamlError {
    return new YamlError(this.problem(details));
  }

  #findLineStarts(): number[] {
    const { text, length } = this;
    const starts = [this.start];
    for (let at = this.start; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 13 && code < 0x85) {
        continue;
      }
      if ((classOf(code) & breakBit) !== 0) {
        if (code === 13 && text.charCodeAt(at + 1) === 10) {
          at++;
        }
        starts.push(at + 1);
      }
    }
    return starts;
  }

  #excerpt(position: Position): string {
    const from = position.offset - Math.min(position.column - 1, excerptLengthMax / 2);
    const end = Math.min(from + excerptLengthMax, this.length);
    let to = position.offset;
    while (to < end && (classOf(this.text.charCodeAt(to)) & breakBit) === 0) {
      to++;
    }
    return this.text.slice(from, to);
  }
}

export interface ProblemDetails {
  code: YamlErrorCode;
  offset: number;
  message: string;
  goMessage?: string;
}

function loneSurrogate(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    if (code > 0xffff) {
      at++;
    } else if (code >= 0xd800 && code <= 0xdfff) {
      return at;
    }
  }
  return text.length;
}
