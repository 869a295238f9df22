// snake_case, kebab-case and CamelCase with the idea of words that github.com/huandu/xstrings has.
import { isLetter, isNumber, isPunctuation, isSpace, isUpper, lowerRune, upperRune } from "./rune-case.ts";

function isConnector(char: string): boolean {
  return char === "-" || char === "_" || isSpace(char);
}

const han = /^[\u4e00-\u9fcc\u3400-\u4d85\u{20000}-\u{2b81d}]$/u;

/** Letters, but for the Han characters that the library knows. */
function isAlphabet(char: string): boolean {
  return isLetter(char) && !han.test(char);
}

export function camelCase(text: string): string {
  const chars = [...text];
  let at = chars.findIndex((char) => !isConnector(char));
  // Of nothing but connectors the library writes the last one twice.
  if (at === -1) return text + (chars.at(-1) ?? "");
  let result = chars.slice(0, at).join("");
  let current = chars[at] ?? "";
  let afterCapital = isUpper(current);
  current = upperRune(current);
  for (at++; at < chars.length; at++) {
    const previous = current;
    current = chars[at] ?? "";
    if (isConnector(previous)) {
      if (isConnector(current)) {
        result += previous;
        continue;
      }
      afterCapital = isUpper(current);
      current = upperRune(current);
      continue;
    }
    if (afterCapital) {
      if (isUpper(current)) current = lowerRune(current);
      else afterCapital = false;
    }
    result += previous;
  }
  return result + current;
}

type WordKind = "none" | "number" | "capitals" | "letters" | "connector" | "punctuation" | "other";

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const noWord: Word = { kind: "none", text: "" };

/** Cuts a text into words; a capital starts one, a run of capitals gives its last one to the small letters behind it. */
function* words(text: string): Generator<Word, void> {
  const chars = [...text];
  for (let start = 0; start < chars.length;) {
    const kind = kindOfRune(chars[start] ?? "");
    const end = wordEnd(chars, start, kind);
    yield { kind, text: chars.slice(start, end).join("") };
    start = end;
  }
}

function kindOfRune(char: string): WordKind {
  if (isConnector(char)) return "connector";
  if (isPunctuation(char)) return "punctuation";
  if (isUpper(char)) return "capitals";
  if (isAlphabet(char)) return "letters";
  return isNumber(char) ? "number" : "other";
}

function wordEnd(chars: readonly string[], start: number, kind: WordKind): number {
  const whileKind = (from: number, wanted: WordKind): number => {
    let end = from;
    while (end < chars.length && kindOfRune(chars[end] ?? "") === wanted) end++;
    return end;
  };
  if (kind === "punctuation") {
    // Also that which connects, once the word has begun.
    const length = chars.slice(start).findIndex((char) => !isPunctuation(char));
    return length === -1 ? chars.length : start + length;
  }
  if (kind !== "capitals") return whileKind(start + 1, kind);
  const end = whileKind(start + 1, "capitals");
  if (end === start + 1) return whileKind(end, "letters");
  return end < chars.length && kindOfRune(chars[end] ?? "") === "letters" ? end - 1 : end;
}

export function snakeCase(text: string): string {
  return new WordJoiner(text, "_").join();
}

export function kebabCase(text: string): string {
  return new WordJoiner(text, "-").join();
}

class WordJoiner {
  readonly #words: readonly Word[];
  readonly #connector: string;
  #at = 0;
  #result = "";

  constructor(text: string, connector: string) {
    this.#words = [...words(text)];
    this.#connector = connector;
  }

  get #kind(): WordKind {
    return this.#words[this.#at]?.kind ?? "none";
  }

  join(): string {
    while (this.#at < this.#words.length - 1) {
      const kind = this.#kind;
      this.#take();
      if (kind === "number") this.#afterNumber();
      else if (kind !== "connector" && kind !== "punctuation") this.#afterLetters();
    }
    this.#take();
    return this.#result;
  }

  /** Writes the current word and goes on to the next. */
  #take(): void {
    const { kind, text } = this.#words[this.#at++] ?? noWord;
    if (kind === "connector") this.#result += this.#connector.repeat([...text].length);
    else this.#result += kind === "capitals" ? lowerCapitals(text) : text;
  }

  /** A connector, unless one or punctuation comes anyway or the text is at its end. */
  #connect(): void {
    const kind = this.#kind;
    if (kind !== "none" && kind !== "connector" && kind !== "punctuation") this.#result += this.#connector;
  }

  /** Small letters and numbers behind a number belong to it. */
  #afterNumber(): void {
    while (this.#kind === "letters" || this.#kind === "number") this.#take();
    this.#connect();
  }

  /** A number starts a word if small letters are behind it; otherwise it stays with the word before it. */
  #afterLetters(): void {
    if (this.#kind !== "number") {
      this.#connect();
      return;
    }
    const following = this.#words[this.#at + 1]?.kind;
    if (following === undefined) return;
    if (following === "letters") this.#result += this.#connector;
    this.#take();
    if (following === "letters") this.#afterNumber();
    else this.#connect();
  }
}

function lowerCapitals(text: string): string {
  let result = "";
  for (const char of text) result += isUpper(char) ? lowerRune(char) : char;
  return result;
}
