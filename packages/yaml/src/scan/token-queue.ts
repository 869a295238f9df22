import { scannerLevelsMax, simpleKeyLengthMax } from "../limits.ts";
import type { SourceText } from "../source-text.ts";
import { Cursor } from "./cursor.ts";
import { SimpleKey, charactersBetween } from "./simple-key.ts";
import { Token, blockEnd, blockMappingStart, keyToken } from "./token.ts";

/** The queue between scanner and parser, with the indentation and the simple keys that decide what goes into it. */
export class TokenQueue extends Cursor {
  protected readonly queue: Token[] = [];
  protected head = 0;
  protected tail = 0;
  /** Number of the token at index 0 of the queue. */
  protected base = 0;
  protected readonly indents: number[] = [];
  protected readonly keys: SimpleKey[] = [new SimpleKey()];
  /** The pool keeps keys of left levels; this many are in use. */
  protected levels = 1;

  constructor(source: SourceText, from: number) {
    super(source, from);
    this.queue.push(new Token());
  }

  protected mayBecomeKey(): boolean {
    const token = this.queue[this.head] as Token;
    const level = token.keyLevel;
    if (level < 0 || level >= this.levels) {
      return false;
    }
    const key = this.keys[level] as SimpleKey;
    return key.tokenNumber === this.base + this.head && this.keyStillValid(key);
  }

  protected keyStillValid(key: SimpleKey): boolean {
    if (!key.possible) {
      return false;
    }
    if (key.line === this.line && this.at - key.offset <= simpleKeyLengthMax) {
      return true;
    }
    if (key.line === this.line && charactersBetween(this.text, key.offset, this.at) <= simpleKeyLengthMax) {
      return true;
    }
    this.failIfRequired(key);
    key.possible = false;
    return false;
  }

  protected failIfRequired(key: SimpleKey): void {
    if (key.required) {
      const start = { offset: key.offset, line: key.line };
      throw this.error("while scanning a simple key", start, "could not find expected ':'");
    }
  }

  protected push(kind: number, start: number): Token {
    const token = this.blank();
    token.kind = kind;
    token.start = start;
    token.end = this.at;
    token.line = this.line;
    return token;
  }

  protected blank(): Token {
    let token = this.queue[this.tail];
    if (token === undefined) {
      token = new Token();
      this.queue.push(token);
    }
    this.tail++;
    token.marks = 0;
    token.keyLevel = -1;
    return token;
  }

  protected unroll(column: number): void {
    while (this.indent > column) {
      this.push(blockEnd, this.at);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  /** Opens a block collection at the column when it is deeper than the open ones. */
  protected roll(column: number): boolean {
    if (this.flowLevel > 0 || this.indent >= column) {
      return false;
    }
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > scannerLevelsMax) {
      throw this.error("while increasing indent level", this.mark(), `exceeded max depth of ${scannerLevelsMax}`);
    }
    return true;
  }

  /** A new token that may turn out to start a simple key. */
  protected startScalar(): Token {
    this.saveKey(this.base + this.tail);
    const token = this.blank();
    if (this.simpleKeyAllowed) {
      token.keyLevel = this.levels - 1;
    }
    this.simpleKeyAllowed = false;
    return token;
  }

  protected saveKey(tokenNumber: number): void {
    if (!this.simpleKeyAllowed) {
      return;
    }
    this.removeKey();
    const key = this.keys[this.levels - 1] as SimpleKey;
    const column = this.at - this.lineStart;
    key.possible = true;
    key.required = this.flowLevel === 0 && this.indent === column;
    key.tokenNumber = tokenNumber;
    key.offset = this.at;
    key.line = this.line;
    key.column = column;
  }

  protected removeKey(): void {
    const key = this.keys[this.levels - 1] as SimpleKey;
    if (key.possible) {
      this.failIfRequired(key);
      key.possible = false;
    }
  }

  /**
   * go-yaml no longer waits for the ':' behind the token of the last key of a closed level, which is the opening bracket
   * itself when nothing was inside: "{}: x" is an error there.
   */
  protected forgetKeyToken(tokenNumber: number): void {
    const index = tokenNumber - this.base;
    if (index >= this.head && index < this.tail) {
      (this.queue[index] as Token).keyLevel = -1;
    }
  }

  protected markKey(key: SimpleKey): void {
    const index = key.tokenNumber - this.base;
    const opensMapping = this.roll(key.column);
    if (index >= this.head) {
      (this.queue[index] as Token).marks = opensMapping ? 2 : 1;
      return;
    }
    // The parser has taken the token already; it will find these out of place and say so.
    this.push(keyToken, key.offset).line = key.line;
    if (opensMapping) {
      this.push(blockMappingStart, key.offset).line = key.line;
    }
  }
}
