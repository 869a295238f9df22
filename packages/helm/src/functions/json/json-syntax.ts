// Says about an invalid JSON text what encoding/json says about it.
import { quote } from "@fairway/gotemplate";
import { toByteText } from "../byte-text.ts";

/** The message for a text that is no JSON. */
export function jsonSyntaxError(text: string): string {
  try {
    new SyntaxChecker(toByteText(text)).check();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  return "unexpected end of JSON input";
}

const nestingMax = 10_000;

class SyntaxChecker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // Go, too, feeds its scanner a blank at the end, which is wrong in the middle of a number or a word.
    this.#text = `${text} `;
  }

  check(): void {
    const open: string[] = [];
    let expectsValue = true;
    for (;;) {
      this.#skipSpace();
      if (expectsValue) {
        expectsValue = this.#value(open);
        continue;
      }
      const bracket = open.at(-1);
      if (bracket === undefined) {
        if (this.#at < this.#text.length) throw this.#invalid("after top-level value");
        return;
      }
      const char = this.#next();
      if (char === (bracket === "{" ? "}" : "]")) {
        open.pop();
      } else if (char === ",") {
        if (bracket === "{") this.#key();
        expectsValue = true;
      } else {
        this.#at--;
        throw this.#invalid(bracket === "{" ? "after object key:value pair" : "after array element");
      }
    }
  }

  /** Reads the start of a value; true if a value inside it comes next. */
  #value(open: string[]): boolean {
    const char = this.#next();
    if (char === "{" || char === "[") {
      open.push(char);
      if (open.length > nestingMax) throw new Error("exceeded max depth");
      this.#skipSpace();
      if (this.#peek() === (char === "{" ? "}" : "]")) return false;
      if (char === "{") this.#key();
      return true;
    }
    if (char === '"') this.#string();
    else if (char === "-" || (char >= "0" && char <= "9")) this.#number(char);
    else if (char === "t") this.#literal("true");
    else if (char === "f") this.#literal("false");
    else if (char === "n") this.#literal("null");
    else {
      this.#at--;
      throw this.#invalid("looking for beginning of value");
    }
    return false;
  }

  #key(): void {
    this.#skipSpace();
    if (this.#next() !== '"') {
      this.#at--;
      throw this.#invalid("looking for beginning of object key string");
    }
    this.#string();
    this.#skipSpace();
    if (this.#next() === ":") return;
    this.#at--;
    throw this.#invalid("after object key");
  }

  #string(): void {
    for (;;) {
      const char = this.#next();
      if (char === '"') return;
      if (char < " ") {
        this.#at--;
        throw this.#invalid("in string literal");
      }
      if (char !== "\\") continue;
      if (this.#accept(/["\\/bfnrt]/u)) continue;
      if (!this.#accept(/u/u)) throw this.#invalid("in string escape code");
      for (let digit = 0; digit < 4; digit++) {
        if (!this.#accept(/[0-9a-fA-F]/u)) throw this.#invalid("in \\u hexadecimal character escape");
      }
    }
  }

  #number(first: string): void {
    let digit = first;
    if (first === "-") {
      if (!this.#accept(/[0-9]/u)) throw this.#invalid("in numeric literal");
      digit = this.#text[this.#at - 1] ?? "";
    }
    if (digit !== "0") this.#digits();
    if (this.#peek() === ".") {
      this.#at++;
      if (!this.#accept(/[0-9]/u)) throw this.#invalid("after decimal point in numeric literal");
      this.#digits();
    }
    if (this.#peek() === "e" || this.#peek() === "E") {
      this.#at++;
      if (this.#peek() === "+" || this.#peek() === "-") this.#at++;
      if (!this.#accept(/[0-9]/u)) throw this.#invalid("in exponent of numeric literal");
      this.#digits();
    }
  }

  #digits(): void {
    while (/[0-9]/u.test(this.#peek())) this.#at++;
  }

  #literal(word: string): void {
    for (const char of word.slice(1)) {
      if (this.#next() === char) continue;
      this.#at--;
      throw this.#invalid(`in literal ${word} (expecting '${char}')`);
    }
  }

  #accept(wanted: RegExp): boolean {
    const isWanted = wanted.test(this.#next());
    if (!isWanted) this.#at--;
    return isWanted;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #next(): string {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new Error("unexpected end of JSON input");
    return char;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/u.test(this.#peek())) this.#at++;
  }

  #invalid(where: string): Error {
    const char = this.#peek();
    const shown = char === "'" ? String.raw`\'` : char === '"' ? '"' : quote(char).slice(1, -1);
    return new Error(`invalid character '${shown}' ${where}`);
  }
}
