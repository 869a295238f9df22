import { blankOrEnd, breakBit, classOf, indicatorBit } from "../characters.ts";
import { scannerLevelsMax } from "../limits.ts";
import { scanBlockScalar } from "./block-scalar.ts";
import type { Mark } from "./cursor.ts";
import { scanDirective } from "./directive.ts";
import { scanPlainScalar } from "./plain-scalar.ts";
import { scanAnchor, scanTag } from "./properties.ts";
import { scanQuotedScalar } from "./quoted-scalar.ts";
import { SimpleKey } from "./simple-key.ts";
import { TokenQueue } from "./token-queue.ts";
import {
  blockEntry,
  blockMappingStart,
  blockSequenceStart,
  documentEnd,
  documentStart,
  flowEntry,
  flowMappingEnd,
  flowMappingStart,
  flowSequenceEnd,
  flowSequenceStart,
  keyToken,
  streamEnd,
  valueToken,
} from "./token.ts";
import type { Token } from "./token.ts";

/** Turns the text into tokens, one step ahead of the parser unless a simple key is still open. */
export class Scanner extends TokenQueue {
  /** The next token, still in the queue. Its `marks` come before it. */
  peek(): Token {
    while (this.head === this.tail || this.mayBecomeKey()) {
      this.#fetch();
    }
    return this.queue[this.head] as Token;
  }

  /** Takes the token, or what is marked to come before it. */
  skip(): void {
    const token = this.queue[this.head] as Token;
    if (token.marks > 0) {
      token.marks--;
      return;
    }
    this.head++;
    if (this.head === this.tail) {
      this.base += this.tail;
      this.head = 0;
      this.tail = 0;
    }
  }

  #fetch(): void {
    this.#toNextToken();
    const column = this.at - this.lineStart;
    if (this.flowLevel === 0) {
      this.unroll(column);
    }
    const { text } = this;
    const code = text.charCodeAt(this.at);
    if (column === 0 && (code === 37 || code === 45 || code === 46) && this.#fetchAtLineStart(code)) {
      return;
    }
    const bits = classOf(code);
    if ((bits & (indicatorBit | blankOrEnd)) === 0) {
      scanPlainScalar(this, this.startScalar());
      return;
    }
    if (code === 0) {
      this.#fetchStreamEnd();
      return;
    }
    this.#fetchIndicator(code);
  }

  #fetchAtLineStart(code: number): boolean {
    if (code === 37) {
      this.#leaveBlocks();
      scanDirective(this, this.blank());
      return true;
    }
    if (!this.atDocumentIndicator()) {
      return false;
    }
    this.#leaveBlocks();
    const start = this.at;
    this.at += 3;
    this.push(code === 45 ? documentStart : documentEnd, start);
    return true;
  }

  #leaveBlocks(): void {
    if (this.flowLevel === 0) {
      this.unroll(-1);
    }
    this.removeKey();
    this.simpleKeyAllowed = false;
  }

  #fetchStreamEnd(): void {
    if (this.at !== this.lineStart) {
      this.lineStart = this.at;
      this.line++;
    }
    this.#leaveBlocks();
    this.push(streamEnd, this.at);
  }

  #fetchIndicator(code: number): void {
    const inFlow = this.flowLevel > 0;
    switch (code) {
      case 91:
        return this.#fetchFlowStart(flowSequenceStart);
      case 123:
        return this.#fetchFlowStart(flowMappingStart);
      case 93:
        return this.#fetchFlowEnd(flowSequenceEnd);
      case 125:
        return this.#fetchFlowEnd(flowMappingEnd);
      case 44:
        return this.#fetchFlowEntry();
      case 42:
      case 38:
        return scanAnchor(this, this.startScalar());
      case 33:
        return scanTag(this, this.startScalar());
      case 39:
      case 34:
        return scanQuotedScalar(this, this.startScalar());
      case 124:
      case 62:
        return inFlow ? this.#failAtCharacter() : this.#fetchBlockScalar();
      case 45:
        return this.#beforeBlank() ? this.#fetchBlockEntry() : scanPlainScalar(this, this.startScalar());
      case 63:
        return inFlow || this.#beforeBlank() ? this.#fetchKey() : scanPlainScalar(this, this.startScalar());
      case 58:
        return inFlow || this.#beforeBlank() ? this.#fetchValue() : scanPlainScalar(this, this.startScalar());
      default:
        return this.#failAtCharacter();
    }
  }

  #beforeBlank(): boolean {
    return (classOf(this.text.charCodeAt(this.at + 1)) & blankOrEnd) !== 0;
  }

  #failAtCharacter(): never {
    throw this.error("while scanning for the next token", this.mark(), "found character that cannot start any token");
  }

  #toNextToken(): void {
    const { text } = this;
    for (;;) {
      let code = text.charCodeAt(this.at);
      const tab = this.flowLevel > 0 || !this.simpleKeyAllowed ? 9 : 32;
      while (code === 32 || code === tab) {
        code = text.charCodeAt(++this.at);
      }
      if (code === 35) {
        this.skipComment();
        code = text.charCodeAt(this.at);
      }
      if ((code > 13 && code < 0x85) || (classOf(code) & breakBit) === 0) {
        return;
      }
      this.takeBreak();
      if (this.flowLevel === 0) {
        this.simpleKeyAllowed = true;
      }
    }
  }

  #fetchFlowStart(kind: number): void {
    const start = this.at;
    const token = this.startScalar();
    token.kind = kind;
    token.start = start;
    token.line = this.line;
    this.at++;
    token.end = this.at;
    if (this.levels === this.keys.length) {
      this.keys.push(new SimpleKey());
    }
    const inner = this.keys[this.levels] as SimpleKey;
    inner.possible = false;
    inner.tokenNumber = this.base + this.tail - 1;
    this.levels++;
    this.flowLevel++;
    if (this.flowLevel > scannerLevelsMax) {
      throw this.error("while increasing flow level", this.mark(), `exceeded max depth of ${scannerLevelsMax}`);
    }
    this.simpleKeyAllowed = true;
  }

  #fetchFlowEnd(kind: number): void {
    this.removeKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.levels--;
      this.forgetKeyToken((this.keys[this.levels] as SimpleKey).tokenNumber);
    }
    this.simpleKeyAllowed = false;
    this.at++;
    this.push(kind, this.at - 1);
  }

  #fetchFlowEntry(): void {
    this.removeKey();
    this.simpleKeyAllowed = true;
    this.at++;
    this.push(flowEntry, this.at - 1);
  }

  #fetchBlockScalar(): void {
    this.removeKey();
    this.simpleKeyAllowed = true;
    scanBlockScalar(this, this.blank());
  }

  #fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      this.#requireKeyAllowed("block sequence entries are not allowed in this context");
      if (this.roll(this.at - this.lineStart)) {
        this.push(blockSequenceStart, this.at);
      }
    }
    this.removeKey();
    this.simpleKeyAllowed = true;
    this.at++;
    this.push(blockEntry, this.at - 1);
  }

  #requireKeyAllowed(problem: string): void {
    if (!this.simpleKeyAllowed) {
      const here: Mark = this.mark();
      throw this.error("", here, problem);
    }
  }

  #fetchKey(): void {
    if (this.flowLevel === 0) {
      this.#requireKeyAllowed("mapping keys are not allowed in this context");
      if (this.roll(this.at - this.lineStart)) {
        this.push(blockMappingStart, this.at);
      }
    }
    this.removeKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.at++;
    this.push(keyToken, this.at - 1);
  }

  #fetchValue(): void {
    const key = this.keys[this.levels - 1] as SimpleKey;
    if (this.keyStillValid(key)) {
      this.markKey(key);
      key.possible = false;
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        this.#requireKeyAllowed("mapping values are not allowed in this context");
        if (this.roll(this.at - this.lineStart)) {
          this.push(blockMappingStart, this.at);
        }
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.at++;
    this.push(valueToken, this.at - 1);
  }
}
