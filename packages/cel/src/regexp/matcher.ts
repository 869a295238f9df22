// Runs a program over a text: depth first in the order of preference, and never twice from the same instruction at the
// same place, so that the time is bounded by instructions times characters.
import { functionLimits } from "./limits.ts";
import type { AssertKind } from "./ast.ts";
import type { Program } from "./program.ts";

export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #width: number;
  readonly #visited: Uint32Array;
  /** Words of `visited` that are not zero. */
  #touched: number[] = [];
  /** Pairs: an instruction and a place, or the complement of a slot and the value that it had. */
  #jobs: number[] = [];
  #steps = 0;

  constructor(program: Program, text: string) {
    this.#program = program;
    this.#text = text;
    this.#width = text.length + 1;
    const states = program.instructions.length * this.#width;
    if (states > functionLimits.regexpStatesMax) {
      throw new Error(`a text of ${text.length} characters is too long for this regular expression`);
    }
    this.#visited = new Uint32Array((states + 31) >>> 5);
  }

  /** Places of the leftmost match from there on, in pairs of start and end for each group; undefined if there is none. */
  find(from: number): number[] | undefined {
    this.#clear();
    const slots = Array.from({ length: this.#program.groupNames.length * 2 }, () => -1);
    const { firstCode } = this.#program;
    const firstChar = firstCode === undefined || firstCode === 0xfffd ? undefined : String.fromCodePoint(firstCode);
    for (let start = from; start <= this.#text.length; start += this.#step(start)) {
      if (firstChar !== undefined) {
        start = this.#text.indexOf(firstChar, start);
        if (start === -1) return undefined;
      }
      if (this.#runFrom(start, slots)) return slots;
    }
    return undefined;
  }

  #clear(): void {
    for (const word of this.#touched) this.#visited[word] = 0;
    this.#touched = [];
    this.#jobs = [];
  }

  /** Code units of the character at that place, at least one. */
  #step(at: number): number {
    return (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }

  /** True the first time. */
  #visit(instruction: number, at: number): boolean {
    const state = instruction * this.#width + at;
    const word = state >>> 5;
    const bit = 1 << (state & 31);
    const bits = this.#visited[word] ?? 0;
    if ((bits & bit) !== 0) return false;
    if (bits === 0) this.#touched.push(word);
    this.#visited[word] = bits | bit;
    return true;
  }

  #runFrom(start: number, slots: number[]): boolean {
    const jobs = this.#jobs;
    jobs.push(this.#program.start, start);
    while (jobs.length > 0) {
      const at = jobs.pop() ?? 0;
      const instruction = jobs.pop() ?? 0;
      if (instruction < 0) slots[~instruction] = at;
      else if (this.#follow(instruction, at, slots)) return true;
    }
    return false;
  }

  /** Goes on until the match or a dead end; other ways are left as jobs. */
  #follow(first: number, start: number, slots: number[]): boolean {
    let current = first;
    let at = start;
    for (;;) {
      if (!this.#visit(current, at)) return false;
      if (++this.#steps > functionLimits.regexpStepsMax) {
        throw new Error("the regular expression takes too long on this text");
      }
      const instruction = this.#program.instructions[current];
      if (instruction === undefined || instruction.op === "match") return instruction !== undefined;
      if (instruction.op === "split") {
        this.#jobs.push(instruction.other, at);
      } else if (instruction.op === "save") {
        this.#jobs.push(~instruction.slot, slots[instruction.slot] ?? -1);
        slots[instruction.slot] = at;
      } else if (instruction.op === "assert") {
        if (!this.#holds(instruction.assert, at)) return false;
      } else {
        const code = this.#codeAt(at);
        const fits =
          instruction.op === "rune" ? code === instruction.code : code >= 0 && instruction.test.matches(code);
        if (!fits) return false;
        at += code > 0xffff ? 2 : 1;
      }
      current = instruction.next;
    }
  }

  /** Minus one at the end; a byte that is no UTF-8 is U+FFFD. */
  #codeAt(at: number): number {
    const code = this.#text.codePointAt(at);
    if (code === undefined) return -1;
    return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  }

  #holds(assert: AssertKind, at: number): boolean {
    switch (assert) {
      case "text-start":
        return at === 0;
      case "text-end":
        return at === this.#text.length;
      case "line-start":
        return at === 0 || this.#text[at - 1] === "\n";
      case "line-end":
        return at === this.#text.length || this.#text[at] === "\n";
      default:
        return (isWord(this.#text[at - 1]) !== isWord(this.#text[at])) === (assert === "word");
    }
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /^[0-9A-Za-z_]$/u.test(char);
}
