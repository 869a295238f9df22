// Regular expressions with the methods of Go's package regexp, on texts.
import { functionLimits } from "../limits.ts";
import { expandTemplate } from "./expand.ts";
import { Matcher } from "./matcher.ts";
import { parseRegexp } from "./parse-regexp.ts";
import { type Program, compileProgram } from "./program.ts";

const known = new Map<string, GoRegexp>();

/** Compiles an expression, or finds it among those compiled lately. Throws with Go's message. */
export function compileRegexp(text: string): GoRegexp {
  const present = known.get(text);
  if (present !== undefined) return present;
  const compiled = new GoRegexp(text);
  const [oldest] = known.keys();
  if (known.size >= functionLimits.regexpCacheMax && oldest !== undefined) known.delete(oldest);
  known.set(text, compiled);
  return compiled;
}

export class GoRegexp {
  readonly #expression: string;
  readonly #program: Program;

  constructor(expression: string) {
    this.#expression = expression;
    this.#program = compileProgram(parseRegexp(expression), expression);
  }

  matches(text: string): boolean {
    return new Matcher(this.#program, text).find(0) !== undefined;
  }

  /** The leftmost match, "" if there is none. */
  find(text: string): string {
    const match = new Matcher(this.#program, text).find(0);
    return match === undefined ? "" : text.slice(match[0], match[1]);
  }

  /** At most that many matches, all of them if it is negative; undefined if there is none. */
  findAll(text: string, count: number): string[] | undefined {
    const places = this.#findPlaces(text, count);
    return places.length === 0 ? undefined : places.map(([start, end]) => text.slice(start, end));
  }

  #findPlaces(text: string, count: number): [number, number][] {
    const matcher = new Matcher(this.#program, text);
    const places: [number, number][] = [];
    const limit = count < 0 ? Infinity : count;
    let previousEnd = -1;
    for (let at = 0; places.length < limit && at <= text.length;) {
      const [start, end] = matcher.find(at) ?? [];
      if (start === undefined || end === undefined) break;
      // Nothing is no match right behind another one.
      const isRepeated = end === at && start === previousEnd;
      if (end === at) at += widthAt(text, at);
      else at = end;
      previousEnd = end;
      if (!isRepeated) places.push([start, end]);
    }
    return places;
  }

  /** Replaces every match; in the replacement $1 and ${name} stand for groups. */
  replaceAll(text: string, replacement: string): string {
    const { groupNames } = this.#program;
    if (!replacement.includes("$")) return this.replaceAllLiteral(text, replacement);
    return this.#replace(text, (match) => expandTemplate(replacement, { text, match, groupNames }));
  }

  replaceAllLiteral(text: string, replacement: string): string {
    return this.#replace(text, () => replacement);
  }

  #replace(text: string, replacementFor: (match: readonly number[]) => string): string {
    const matcher = new Matcher(this.#program, text);
    let result = "";
    let lastEnd = 0;
    for (let at = 0; at <= text.length;) {
      const match = matcher.find(at);
      const [start, end] = match ?? [];
      if (match === undefined || start === undefined || end === undefined) break;
      result += text.slice(lastEnd, start);
      if (end > lastEnd || start === 0) result += replacementFor(match);
      if (result.length > functionLimits.textLengthMax) {
        throw new Error(`the text after replacing has more than ${functionLimits.textLengthMax} characters`);
      }
      lastEnd = end;
      at = Math.max(at + widthAt(text, at), end);
    }
    return result + text.slice(lastEnd);
  }

  /** The parts between the matches, undefined if no parts are wanted. */
  split(text: string, count: number): string[] | undefined {
    if (count === 0) return undefined;
    if (this.#expression !== "" && text === "") return [""];
    const parts: string[] = [];
    let start = 0;
    let end = 0;
    for (const [matchStart, matchEnd] of this.#findPlaces(text, count)) {
      if (count > 0 && parts.length >= count - 1) break;
      end = matchStart;
      if (matchEnd !== 0) parts.push(text.slice(start, end));
      start = matchEnd;
    }
    if (end !== text.length) parts.push(text.slice(start));
    return parts;
  }
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** Escapes everything that means something in an expression. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/gu, String.raw`\$&`);
}
