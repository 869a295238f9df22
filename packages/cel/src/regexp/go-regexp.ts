// Regular expressions with the methods of Go's package regexp, on texts.
import { functionLimits } from "./limits.ts";
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
  readonly #program: Program;

  constructor(expression: string) {
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
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
