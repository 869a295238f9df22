// Compiles an expression to the instructions of a small machine.
import { functionLimits } from "./limits.ts";
import { type AssertKind, type ParsedRegexp, type RegexpNode, type Repeat, isNullable, regexpError } from "./ast.ts";
import type { CharTest } from "./char-class.ts";

export type Instruction =
  | { readonly op: "rune"; readonly code: number; next: number }
  | { readonly op: "class"; readonly test: CharTest; next: number }
  | { readonly op: "assert"; readonly assert: AssertKind; next: number }
  | { readonly op: "save"; readonly slot: number; next: number }
  /** First `next`, then `other`. */
  | { readonly op: "split"; next: number; other: number }
  | { readonly op: "match" };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly groupNames: readonly string[];
  /** A character that every match starts with. */
  readonly firstCode: number | undefined;
}

export function compileProgram(parsed: ParsedRegexp, text: string): Program {
  const compiler = new Compiler(text);
  const match = compiler.emit({ op: "match" });
  const end = compiler.emit({ op: "save", slot: 1, next: match });
  const body = compiler.node(parsed.node, end);
  const start = compiler.emit({ op: "save", slot: 0, next: body });
  return {
    instructions: compiler.instructions,
    start,
    groupNames: parsed.groupNames,
    firstCode: firstCodeOf(parsed.node),
  };
}

function firstCodeOf(node: RegexpNode): number | undefined {
  if (node.kind === "rune") return node.code;
  if (node.kind === "capture") return firstCodeOf(node.item);
  if (node.kind === "repeat") return node.min > 0 ? firstCodeOf(node.item) : undefined;
  return node.kind === "concat" && node.items[0] !== undefined ? firstCodeOf(node.items[0]) : undefined;
}

/** Works from the end: each node is given the instruction that comes after it and gives its first one. */
class Compiler {
  readonly instructions: Instruction[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  emit(instruction: Instruction): number {
    if (this.instructions.length >= functionLimits.regexpProgramMax) {
      throw regexpError("expression too large", this.#text);
    }
    return this.instructions.push(instruction) - 1;
  }

  node(node: RegexpNode, next: number): number {
    switch (node.kind) {
      case "empty":
        return next;
      case "rune":
        return this.emit({ op: "rune", code: node.code, next });
      case "class":
        return this.emit({ op: "class", test: node.test, next });
      case "assert":
        return this.emit({ op: "assert", assert: node.assert, next });
      case "concat":
        return node.items.reduceRight((after, item) => this.node(item, after), next);
      case "alternate":
        return node.items
          .map((item) => this.node(item, next))
          .reduceRight((other, first) => this.emit({ op: "split", next: first, other }));
      case "capture": {
        const close = this.emit({ op: "save", slot: 2 * node.index + 1, next });
        return this.emit({ op: "save", slot: 2 * node.index, next: this.node(node.item, close) });
      }
      case "repeat":
        return this.#repeat(node, next);
      default:
        return next;
    }
  }

  #repeat(node: Repeat, next: number): number {
    const { item, min, max } = node;
    if (max === 0) return next;
    let after = next;
    let copies = min;
    if (max === Infinity) {
      after = min === 0 ? this.#star(node, next) : this.#plus(node, next);
      copies = Math.max(min - 1, 0);
    } else {
      for (let count = min; count < max; count++) after = this.#option(node, this.node(item, after), next);
    }
    for (let count = 0; count < copies; count++) after = this.node(item, after);
    return after;
  }

  #option({ greedy }: Repeat, item: number, next: number): number {
    return this.emit(greedy ? { op: "split", next: item, other: next } : { op: "split", next, other: item });
  }

  #plus(node: Repeat, next: number): number {
    const loop: Instruction = { op: "split", next, other: next };
    const at = this.emit(loop);
    const item = this.node(node.item, at);
    if (node.greedy) loop.next = item;
    else loop.other = item;
    return item;
  }

  /** What can match nothing is repeated as an option of one or more, for the right order of preference. */
  #star(node: Repeat, next: number): number {
    if (isNullable(node.item)) return this.#option(node, this.#plus(node, next), next);
    const loop: Instruction = { op: "split", next, other: next };
    const at = this.emit(loop);
    const item = this.node(node.item, at);
    if (node.greedy) loop.next = item;
    else loop.other = item;
    return at;
  }
}
