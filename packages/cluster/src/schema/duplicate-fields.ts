import type { JsonObject } from "../object/json-value.ts";

/**
 * The paths of fields that an object names twice, in the order in which they are met. JSON.parse keeps the last one and says nothing. Only
 * called with texts that JSON.parse has taken.
 */
export function duplicateFields(text: string): readonly string[] {
  const scanner = new Scanner(text);
  scanner.value("");
  return scanner.duplicates;
}

/** What is said of fields, in the order in which a reader of the text meets the fields: an unknown one first, a double one where it comes again. */
export function inOrderOfText(
  text: string,
  duplicates: readonly string[],
  unknown: readonly string[],
): readonly string[] {
  const scanner = new Scanner(text);
  scanner.value("");
  const told: string[] = [];
  const open = new Set(unknown);
  const again = new Set(duplicates);
  const seen = new Set<string>();
  for (const path of scanner.met) {
    const problem = `unknown field "${path}"`;
    if (open.delete(problem)) told.push(problem);
    if (seen.has(path) && again.has(path)) told.push(`duplicate field "${path}"`);
    seen.add(path);
  }
  return [...told, ...open];
}

/** Whether a text names more fields than were read from it, which means some of them twice: cheap enough for every request. */
export function hasMoreFields(text: string, read: number): boolean {
  return countColonsAfterQuotes(text) > read && countFields(text) > read;
}

/** Every field has such a colon; that some strings have them too is seen to only where it matters. */
function countColonsAfterQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before <= SPACE || (before === QUOTE && !isEscaped(text, at - 1))) count++;
  }
  return count;
}

/** Counted by the colons outside strings. */
function countFields(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) count++;
    else if (code === QUOTE) at = endOfString(text, at);
  }
  return count;
}

/** How many fields a parsed value has. */
export function countOwnFields(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countOwnFields(item);
    return count;
  }
  const object = value as JsonObject;
  for (const key in object) count += 1 + countOwnFields(object[key]);
  return count;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** The index of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1))
    if (!isEscaped(text, end)) return end;
  return text.length;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

class Scanner {
  readonly duplicates: string[] = [];
  /** Every field, as often as it comes. */
  readonly met: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    this.#space();
    const character = this.#text[this.#at];
    if (character === "{") this.#object(path);
    else if (character === "[") this.#list(path);
    else if (character === '"') this.#string();
    else while (this.#at < this.#text.length && !/[,\]}\s]/.test(this.#text[this.#at] ?? "")) this.#at++;
    this.#space();
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#at++;
    this.#space();
    while (this.#text[this.#at] === '"') {
      const key = String(JSON.parse(this.#string()));
      const inner = path === "" ? key : `${path}.${key}`;
      if (seen.has(key)) this.duplicates.push(inner);
      this.met.push(inner);
      seen.add(key);
      this.#space();
      this.#at++;
      this.value(inner);
      this.#comma();
    }
    this.#at++;
  }

  #list(path: string): void {
    this.#at++;
    this.#space();
    for (let index = 0; this.#text[this.#at] !== "]"; index++) {
      this.value(`${path}[${index}]`);
      this.#comma();
    }
    this.#at++;
  }

  #comma(): void {
    if (this.#text[this.#at] === ",") this.#at++;
    this.#space();
  }

  #string(): string {
    const start = this.#at;
    this.#at = endOfString(this.#text, start) + 1;
    return this.#text.slice(start, this.#at);
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }
}
