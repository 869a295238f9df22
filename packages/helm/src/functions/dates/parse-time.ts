import { type CivilParts, type Instant, daysIn, instantOf, isLeapYear } from "./instant.ts";
import { dayNames, layoutChunks, monthNames } from "./layout.ts";
import { toByteText } from "../byte-text.ts";
import { quoteBytes } from "./duration.ts";
import { fixedZone } from "./zone.ts";

/** time.Parse; the thrown message is Go's. */
export function parseTime(layout: string, text: string): Instant {
  return new TimeParser(layout, text).parse();
}

class BadElement extends Error {}
class OutOfRange extends Error {}

class TimeParser {
  readonly #layout: string;
  readonly #text: string;
  #rest: string;
  #year = 0;
  #month = -1;
  #day = -1;
  #yearDay = -1;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #nanosecond = 0;
  #half: "am" | "pm" | undefined;
  #isUtc = false;
  #offset: number | undefined;
  #zoneName = "";

  constructor(layout: string, text: string) {
    this.#layout = toByteText(layout);
    this.#text = toByteText(text);
    this.#rest = this.#text;
  }

  parse(): Instant {
    const chunks = layoutChunks(this.#layout);
    for (const [index, { prefix, element }] of chunks.entries()) {
      if (!this.#skip(prefix)) throw this.#failure(this.#rest, prefix);
      if (element !== "") this.#element(element, chunks[index + 1]);
    }
    if (this.#rest !== "") throw this.#problem(`extra text: ${quoteBytes(this.#rest)}`);
    return this.#instant();
  }

  #element(element: string, next: { readonly prefix: string; readonly element: string } | undefined): void {
    const hold = this.#rest;
    try {
      this.#read(element, next?.prefix === "" && /^[.,]/u.test(next.element));
    } catch (error) {
      if (error instanceof OutOfRange) throw this.#problem(`${error.message} out of range`);
      if (error instanceof BadElement) throw this.#failure(hold, element);
      throw error;
    }
  }

  #failure(found: string, wanted: string): Error {
    const [text, layout] = [quoteBytes(this.#text), quoteBytes(this.#layout)];
    return new Error(`parsing time ${text} as ${layout}: cannot parse ${quoteBytes(found)} as ${quoteBytes(wanted)}`);
  }

  #problem(message: string): Error {
    return new Error(`parsing time ${quoteBytes(this.#text)}: ${message}`);
  }

  /** A space in the layout stands for any number of them. */
  #skip(prefix: string): boolean {
    let wanted = prefix;
    while (wanted !== "") {
      if (wanted.startsWith(" ")) {
        if (this.#rest !== "" && !this.#rest.startsWith(" ")) return false;
        wanted = wanted.replace(/^ +/u, "");
        this.#rest = this.#rest.replace(/^ +/u, "");
        continue;
      }
      if (this.#rest.charAt(0) !== wanted.charAt(0)) return false;
      wanted = wanted.slice(1);
      this.#rest = this.#rest.slice(1);
    }
    return true;
  }

  /** Takes what the expression matches at the start of the rest. */
  #take(expression: RegExp): string {
    const match = expression.exec(this.#rest);
    if (match === null) throw new BadElement();
    this.#rest = this.#rest.slice(match[0].length);
    return match[0];
  }

  #number(twoDigits: boolean): number {
    return Number(this.#take(twoDigits ? /^[0-9]{2}/u : /^[0-9]{1,2}/u));
  }

  #name(names: readonly string[], length?: number): number {
    const index = names.findIndex((name) => {
      const wanted = name.slice(0, length);
      return this.#rest.slice(0, wanted.length).toLowerCase() === wanted.toLowerCase();
    });
    if (index === -1) throw new BadElement();
    this.#rest = this.#rest.slice(names[index]?.slice(0, length).length);
    return index;
  }

  #read(element: string, fractionFollows: boolean): void {
    switch (element) {
      case "06": {
        const year = this.#number(true);
        this.#year = year + (year >= 69 ? 1900 : 2000);
        return;
      }
      case "2006":
        this.#year = Number(this.#take(/^[0-9]{4}/u));
        return;
      case "Jan":
      case "January":
        this.#month = this.#name(monthNames, element === "Jan" ? 3 : undefined) + 1;
        return;
      case "Mon":
      case "Monday":
        this.#name(dayNames, element === "Mon" ? 3 : undefined);
        return;
      case "1":
      case "01":
        this.#month = this.#ranged(element, "month", { min: 1, max: 12 });
        return;
      case "PM":
      case "pm":
        this.#half = this.#take(element === "PM" ? /^[AP]M/u : /^[ap]m/u).toLowerCase() === "am" ? "am" : "pm";
        return;
      default:
        this.#readMore(element, fractionFollows);
    }
  }

  #ranged(element: string, name: string, { min, max }: { min: number; max: number }): number {
    const value = this.#number(element.length === 2 && element.startsWith("0"));
    if (value < min || value > max) throw new OutOfRange(name);
    return value;
  }

  #readMore(element: string, fractionFollows: boolean): void {
    switch (element) {
      case "_2":
      case "2":
      case "02":
        if (element === "_2" && this.#rest.startsWith(" ")) this.#rest = this.#rest.slice(1);
        this.#day = this.#number(element === "02");
        return;
      case "__2":
      case "002":
        if (element === "__2") this.#rest = this.#rest.replace(/^ {1,2}/u, "");
        this.#yearDay = Number(this.#take(element === "002" ? /^[0-9]{3}/u : /^[0-9]{1,3}/u));
        return;
      case "15":
        this.#hour = this.#ranged(element, "hour", { min: 0, max: 23 });
        return;
      case "3":
      case "03":
        this.#hour = this.#ranged(element, "hour", { min: 0, max: 12 });
        return;
      case "4":
      case "04":
        this.#minute = this.#ranged(element, "minute", { min: 0, max: 59 });
        return;
      case "5":
      case "05":
        this.#second = this.#ranged(element, "second", { min: 0, max: 59 });
        // A fraction may follow the seconds also where the layout has none.
        if (!fractionFollows && /^[.,][0-9]/u.test(this.#rest)) this.#fraction(/^[.,][0-9]+/u);
        return;
      case "MST":
        this.#readZoneName();
        return;
      default:
        if (/^[.,]0/u.test(element)) this.#fraction(new RegExp(`^[.,][0-9]{${element.length - 1}}`, "u"));
        else if (!/^[.,]/u.test(element)) this.#readOffset(element);
        else if (/^[.,][0-9]/u.test(this.#rest)) this.#fraction(/^[.,][0-9]+/u);
    }
  }

  #fraction(expression: RegExp): void {
    this.#nanosecond = Number(this.#take(expression).slice(1, 10).padEnd(9, "0"));
  }

  #readOffset(element: string): void {
    if (element.startsWith("Z") && this.#rest.startsWith("Z")) {
      this.#rest = this.#rest.slice(1);
      this.#isUtc = true;
      return;
    }
    const colon = element.includes(":") ? ":" : "";
    const parts = element.replace(/[^0-9]/gu, "").length / 2;
    const text = this.#take(new RegExp(`^[+-]${Array.from({ length: parts }, () => "[0-9]{2}").join(colon)}`, "u"));
    const [hours = 0, minutes = 0, seconds = 0] = (text.match(/[0-9]{2}/gu) ?? []).map(Number);
    if (hours > 24) throw new OutOfRange("time zone offset hour");
    if (minutes > 60) throw new OutOfRange("time zone offset minute");
    if (seconds > 60) throw new OutOfRange("time zone offset second");
    const offset = (hours * 60 + minutes) * 60 + seconds;
    this.#offset = text.startsWith("-") ? -offset : offset;
  }

  #readZoneName(): void {
    const name = this.#take(
      /^(?:UTC|ChST|MeST|GMT(?:[+-](?:2[0-3]|[01]?[0-9])(?![0-9]))?|[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z]))/u,
    );
    if (name === "UTC") this.#isUtc = true;
    else this.#zoneName = name;
  }

  #instant(): Instant {
    if (this.#half === "pm" && this.#hour < 12) this.#hour += 12;
    if (this.#half === "am" && this.#hour === 12) this.#hour = 0;
    if (this.#yearDay >= 0) this.#applyYearDay();
    const month = this.#month < 0 ? 1 : this.#month;
    const day = this.#day < 0 ? 1 : this.#day;
    if (day < 1 || day > daysIn(month, this.#year)) throw this.#problem("day out of range");
    const clock = { hour: this.#hour, minute: this.#minute, second: this.#second, nanosecond: this.#nanosecond };
    return this.#inZone({ year: this.#year, month, day, ...clock });
  }

  #inZone(parts: CivilParts): Instant {
    const [name, offset] = [this.#zoneName, this.#offset];
    const atUtc = instantOf(parts);
    if (this.#isUtc) return atUtc;
    if (offset !== undefined) {
      return offset === 0 && name === "" ? atUtc : instantOf(parts, fixedZone(name, offset));
    }
    // A name alone says nothing about the offset; GMT+3 is only shown with one.
    if (name === "") return atUtc;
    return { ...atUtc, zone: fixedZone(name, name.startsWith("GMT") ? Number(name.slice(3)) * 3600 : 0) };
  }

  #applyYearDay(): void {
    if (this.#yearDay < 1 || this.#yearDay > (isLeapYear(this.#year) ? 366 : 365)) {
      throw this.#problem("day-of-year out of range");
    }
    let month = 1;
    let day = this.#yearDay;
    while (day > daysIn(month, this.#year)) day -= daysIn(month++, this.#year);
    if (this.#month >= 0 && this.#month !== month) throw this.#problem("day-of-year does not match month");
    if (this.#day >= 0 && this.#day !== day) throw this.#problem("day-of-year does not match day");
    this.#month = month;
    this.#day = day;
  }
}
