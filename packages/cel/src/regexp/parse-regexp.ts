// Parses Go's syntax of regular expressions (RE2, with the additions of Perl that Go has).
import { functionLimits } from "./limits.ts";
import { type ParsedRegexp, type RegexpNode, type Repeat, regexpError } from "./ast.ts";
import { CharTest, perlClass, rangeSource } from "./char-class.ts";
import { type Flags, parseClass, parseEscape, parseUnicodeClass } from "./parse-class.ts";

export function parseRegexp(text: string): ParsedRegexp {
  return new RegexpParser(text).parse();
}

/** Go's bound for counted repetitions, also of nested ones together. */
const repeatMax = 1000;

class RegexpParser {
  readonly #text: string;
  readonly #groupNames = [""];
  #at = 0;
  #depth = 0;
  #flags: Flags = { fold: false, multiline: false, dotAll: false, swapGreed: false };

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedRegexp {
    if (!this.#text.isWellFormed()) throw new Error("error parsing regexp: invalid UTF-8: `" + this.#text + "`");
    const node = this.#alternation();
    if (this.#at < this.#text.length) throw regexpError("unexpected )", this.#text);
    return { node, groupNames: this.#groupNames };
  }

  get #rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Up to a closing parenthesis or the end. */
  #alternation(): RegexpNode {
    const outer = this.#flags;
    const alternatives = [this.#concatenation()];
    while (this.#text[this.#at] === "|") {
      this.#at++;
      alternatives.push(this.#concatenation());
    }
    this.#flags = outer;
    const [only] = alternatives;
    return alternatives.length === 1 && only !== undefined ? only : { kind: "alternate", items: alternatives };
  }

  #concatenation(): RegexpNode {
    const items: RegexpNode[] = [];
    let lastRepeat = -1;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (char === "|" || char === ")") break;
      const start = this.#at;
      const count = this.#repetition(char);
      if (count !== undefined) {
        this.#repeat(items, count, { start, lastRepeat });
        lastRepeat = start;
        continue;
      }
      lastRepeat = -1;
      const node = this.#item(char);
      if (Array.isArray(node)) items.push(...node);
      else if (node !== undefined) items.push(node);
    }
    const [only] = items;
    if (only === undefined) return { kind: "empty" };
    return items.length === 1 ? only : { kind: "concat", items };
  }

  /** Reads an operator of repetition, undefined if none is here. */
  #repetition(char: string): Pick<Repeat, "min" | "max" | "counted"> | undefined {
    const simple = { "*": [0, Infinity], "+": [1, Infinity], "?": [0, 1] }[char];
    if (simple !== undefined) {
      this.#at++;
      return { min: simple[0] ?? 0, max: simple[1] ?? 0, counted: false };
    }
    if (char !== "{") return undefined;
    const braces = /^\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/u.exec(this.#rest);
    if (braces === null) return undefined;
    const [whole, minText = "", comma, maxText] = braces;
    const min = Number(minText);
    const max = comma === undefined ? min : maxText === undefined ? Infinity : Number(maxText);
    this.#at += whole.length;
    if (min > repeatMax || (max > repeatMax && max !== Infinity) || min > max) {
      throw regexpError("invalid repeat count", whole);
    }
    return { min, max, counted: true };
  }

  #repeat(
    items: RegexpNode[],
    count: Pick<Repeat, "min" | "max" | "counted">,
    { start, lastRepeat }: { readonly start: number; readonly lastRepeat: number },
  ): void {
    const isLazy = this.#text[this.#at] === "?";
    if (isLazy) this.#at++;
    if (lastRepeat >= 0) {
      throw regexpError("invalid nested repetition operator", this.#text.slice(lastRepeat, this.#at));
    }
    const item = items.pop();
    const operator = this.#text.slice(start, this.#at);
    if (item === undefined) throw regexpError("missing argument to repetition operator", operator);
    const repeat: Repeat = { kind: "repeat", item, ...count, greedy: isLazy === this.#flags.swapGreed };
    if (
      count.counted &&
      (count.min >= 2 || (count.max >= 2 && count.max !== Infinity)) &&
      !isCountable(repeat, repeatMax)
    ) {
      throw regexpError("invalid repeat count", operator);
    }
    items.push(repeat);
  }

  /** One item; several for a quotation; none for a change of flags. */
  #item(char: string): RegexpNode | RegexpNode[] | undefined {
    switch (char) {
      case "(":
        return this.#group();
      case "^":
        this.#at++;
        return { kind: "assert", assert: this.#flags.multiline ? "line-start" : "text-start" };
      case "$":
        this.#at++;
        return { kind: "assert", assert: this.#flags.multiline ? "line-end" : "text-end" };
      case ".": {
        this.#at++;
        const parts = this.#flags.dotAll ? [] : [{ source: String.raw`\n`, negated: false }];
        return { kind: "class", test: new CharTest(parts, { negated: true, fold: false }) };
      }
      case "[": {
        const { test, end } = parseClass(this.#text, this.#at, this.#flags.fold);
        this.#at = end;
        return { kind: "class", test };
      }
      case "\\":
        return this.#escape();
      default:
        return this.#literal(this.#text.codePointAt(this.#at) ?? 0);
    }
  }

  #literal(code: number, length = String.fromCodePoint(code).length): RegexpNode {
    this.#at += length;
    if (!this.#flags.fold || !/\p{L}|\p{M}|\p{N}|\p{S}/u.test(String.fromCodePoint(code)))
      return { kind: "rune", code };
    const part = { source: rangeSource(code, code), negated: false };
    return { kind: "class", test: new CharTest([part], { negated: false, fold: true }) };
  }

  #escape(): RegexpNode | RegexpNode[] {
    const letter = this.#text[this.#at + 1] ?? "";
    const asserts = { A: "text-start", b: "word", B: "no-word", z: "text-end" } as const;
    if (letter === "A" || letter === "b" || letter === "B" || letter === "z") {
      this.#at += 2;
      return { kind: "assert", assert: asserts[letter] };
    }
    if (letter === "C") throw regexpError("invalid escape sequence", String.raw`\C`);
    if (letter === "Q") return this.#quotation();
    if (letter === "p" || letter === "P") {
      const { part, end } = parseUnicodeClass(this.#text, this.#at);
      this.#at = end;
      return this.#class(part);
    }
    const perl = perlClass(letter);
    if (perl !== undefined) {
      this.#at += 2;
      return this.#class(perl);
    }
    const { code, end } = parseEscape(this.#text, this.#at);
    return this.#literal(code, end - this.#at);
  }

  #class(part: { readonly source: string; readonly negated: boolean }): RegexpNode {
    return { kind: "class", test: new CharTest([part], { negated: false, fold: this.#flags.fold }) };
  }

  #quotation(): RegexpNode[] {
    this.#at += 2;
    const close = this.#text.indexOf(String.raw`\E`, this.#at);
    const end = close === -1 ? this.#text.length : close;
    const items: RegexpNode[] = [];
    while (this.#at < end) items.push(this.#literal(this.#text.codePointAt(this.#at) ?? 0));
    if (close !== -1) this.#at += 2;
    return items;
  }

  #group(): RegexpNode | undefined {
    if (!this.#rest.startsWith("(?")) {
      this.#at++;
      return this.#captured("");
    }
    const named = /^\(\?P?</u.exec(this.#rest);
    if (named === null || this.#rest.length <= named[0].length) return this.#flagGroup();
    const close = this.#text.indexOf(">", this.#at);
    if (close === -1) throw regexpError("invalid named capture", this.#rest);
    const name = this.#text.slice(this.#at + named[0].length, close);
    if (!/^[0-9A-Za-z_]+$/u.test(name)) {
      throw regexpError("invalid named capture", this.#text.slice(this.#at, close + 1));
    }
    this.#at = close + 1;
    return this.#captured(name);
  }

  #captured(name: string): RegexpNode {
    const index = this.#groupNames.push(name) - 1;
    return { kind: "capture", index, item: this.#inParentheses(this.#flags) };
  }

  #inParentheses(outer: Flags): RegexpNode {
    this.#depth++;
    if (this.#depth > functionLimits.regexpDepthMax) throw regexpError("expression nests too deeply", this.#text);
    const node = this.#alternation();
    if (this.#text[this.#at] !== ")") throw regexpError("missing closing )", this.#text);
    this.#at++;
    this.#depth--;
    this.#flags = outer;
    return node;
  }

  /** (?flags) for what follows, (?flags:...) for a group. */
  #flagGroup(): RegexpNode | undefined {
    const outer = this.#flags;
    const start = this.#at;
    const flags = { ...outer };
    const keys = { i: "fold", m: "multiline", s: "dotAll", U: "swapGreed" } as const;
    let value = true;
    let sawFlag = false;
    for (this.#at += 2; this.#at < this.#text.length;) {
      const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
      this.#at += char.length;
      if (char === "i" || char === "m" || char === "s" || char === "U") {
        flags[keys[char]] = value;
        sawFlag = true;
      } else if (char === "-" && value) {
        value = false;
        sawFlag = false;
      } else if ((char === ":" || char === ")") && (value || sawFlag)) {
        this.#flags = flags;
        return char === ")" ? undefined : this.#inParentheses(outer);
      } else {
        break;
      }
    }
    throw regexpError("invalid or unsupported Perl syntax", this.#text.slice(start, this.#at));
  }
}

/** True if nested counts together stay within the bound. */
function isCountable(node: RegexpNode, bound: number): boolean {
  switch (node.kind) {
    case "repeat": {
      let rest = bound;
      if (node.counted) {
        const count = node.max === Infinity ? node.min : node.max;
        if (node.max === 0) return true;
        if (count > rest) return false;
        if (count > 0) rest = Math.floor(rest / count);
      }
      return isCountable(node.item, rest);
    }
    case "capture":
      return isCountable(node.item, bound);
    case "concat":
    case "alternate":
      return node.items.every((item) => isCountable(item, bound));
    default:
      return true;
  }
}
