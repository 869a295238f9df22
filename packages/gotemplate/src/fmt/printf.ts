// Sprintf, Sprint and Sprintln.
import { GoNumber, kindOf, typeName } from "../value.ts";
import { formatWidthMax } from "../limits.ts";
import { Flags } from "./flags.ts";
import { Printer } from "./printer.ts";

/** One value as %v; what `{{.}}` prints. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  const printer = new Printer();
  printer.printArgument(value, "v");
  return printer.out;
}

/** A space goes between two operands of which neither is a string. */
export function sprint(...values: readonly unknown[]): string {
  const printer = new Printer();
  let afterString = false;
  values.forEach((value, index) => {
    const isString = kindOf(value) === "string";
    if (index > 0 && !isString && !afterString) printer.out += " ";
    printer.printArgument(value, "v");
    afterString = isString;
  });
  return printer.out;
}

export function sprintln(...values: readonly unknown[]): string {
  const printer = new Printer();
  values.forEach((value, index) => {
    if (index > 0) printer.out += " ";
    printer.printArgument(value, "v");
  });
  return `${printer.out}\n`;
}

export function sprintf(format: string, ...values: readonly unknown[]): string {
  if (!format.includes("%") && values.length === 0) return format;
  return new FormatRun(format, values).run();
}

class FormatRun {
  readonly #format: string;
  readonly #values: readonly unknown[];
  readonly #printer = new Printer();
  #at = 0;
  #next = 0;
  #reordered = false;
  #goodIndex = true;
  /** The last thing read was an argument index such as [3]. */
  #afterIndex = false;

  constructor(format: string, values: readonly unknown[]) {
    this.#format = format;
    this.#values = values;
  }

  run(): string {
    const format = this.#format;
    const printer = this.#printer;
    while (this.#at < format.length) {
      const percent = format.indexOf("%", this.#at);
      if (percent < 0) {
        printer.out += format.slice(this.#at);
        break;
      }
      printer.out += format.slice(this.#at, percent);
      this.#at = percent + 1;
      this.#goodIndex = true;
      this.#afterIndex = false;
      this.#readFlags();
      if (!this.#readSimpleVerb() && !this.#readFullVerb()) break;
    }
    if (!this.#reordered && this.#next < this.#values.length) this.#reportExtra();
    return printer.out;
  }

  #readFlags(): void {
    const flags = new Flags();
    this.#printer.flags = flags;
    for (; ; this.#at++) {
      switch (this.#format[this.#at]) {
        case "#":
          flags.sharp = true;
          break;
        case "0":
          flags.zero = true;
          break;
        case "+":
          flags.plus = true;
          break;
        case "-":
          flags.minus = true;
          break;
        case " ":
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** A lower case verb right behind the flags; false if there is more to it. */
  #readSimpleVerb(): boolean {
    const verb = this.#format[this.#at] ?? "";
    if (verb < "a" || verb > "z" || this.#next >= this.#values.length) return false;
    this.#at++;
    this.#printNext(verb);
    return true;
  }

  #printNext(verb: string): void {
    const { flags } = this.#printer;
    if (verb === "v" || verb === "w") {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    this.#printer.printArgument(this.#values[this.#next], verb);
    this.#next++;
  }

  /** Index, width, precision, index, verb; false at the end of the format. */
  #readFullVerb(): boolean {
    const format = this.#format;
    this.#readIndex();
    this.#readWidth();
    if (format[this.#at] === "." && this.#at + 1 < format.length) this.#readPrecision();
    if (!this.#afterIndex) this.#readIndex();
    if (this.#at >= format.length) {
      this.#printer.out += "%!(NOVERB)";
      return false;
    }
    const verb = String.fromCodePoint(format.codePointAt(this.#at) ?? 0);
    this.#at += verb.length;
    if (verb === "%") this.#printer.out += "%";
    else if (!this.#goodIndex) this.#printer.out += `%!${verb}(BADINDEX)`;
    else if (this.#next >= this.#values.length) this.#printer.out += `%!${verb}(MISSING)`;
    else this.#printNext(verb);
    return true;
  }

  #readWidth(): void {
    const { flags } = this.#printer;
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const width = this.#takeInteger();
      if (width === undefined) this.#printer.out += "%!(BADWIDTH)";
      else flags.width = Math.abs(width);
      if (width !== undefined && width < 0) {
        flags.minus = true;
        flags.zero = false;
      }
      this.#afterIndex = false;
      return;
    }
    flags.width = this.#readNumber(this.#format.length);
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
  }

  #readPrecision(): void {
    const { flags } = this.#printer;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#format[this.#at] !== "*") {
      flags.precision = this.#readNumber(this.#format.length) ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#takeInteger();
    if (precision !== undefined && precision >= 0) flags.precision = precision;
    else this.#printer.out += "%!(BADPREC)";
    this.#afterIndex = false;
  }

  /** Decimal digits up to that end; undefined if there are none. A number too large swallows the rest. */
  #readNumber(end: number): number | undefined {
    let number: number | undefined;
    for (; this.#at < end; this.#at++) {
      const digit = this.#format.charCodeAt(this.#at) - 48;
      if (digit < 0 || digit > 9) break;
      if ((number ?? 0) > formatWidthMax) {
        this.#at = end;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
    }
    return number;
  }

  /** The integer argument that `*` stands for. */
  #takeInteger(): number | undefined {
    if (this.#next >= this.#values.length) return undefined;
    const value = this.#values[this.#next++];
    const whole = value instanceof GoNumber ? value.value : value;
    if (typeof whole !== "bigint") return undefined;
    return whole > BigInt(formatWidthMax) || whole < -BigInt(formatWidthMax) ? undefined : Number(whole);
  }

  /** An explicit argument index such as [3], if there is one. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== "[") return;
    this.#reordered = true;
    const start = this.#at;
    const close = this.#format.indexOf("]", start + 1);
    if (close < 0 || this.#format.length - start < 3) {
      this.#goodIndex = false;
      this.#at = start + 1;
      return;
    }
    this.#at = start + 1;
    const number = this.#readNumber(close);
    const complete = number !== undefined && this.#at === close;
    this.#at = close + 1;
    this.#afterIndex = complete;
    if (complete && number >= 1 && number <= this.#values.length) this.#next = number - 1;
    else this.#goodIndex = false;
  }

  #reportExtra(): void {
    const printer = this.#printer;
    printer.flags = new Flags();
    printer.out += "%!(EXTRA ";
    this.#values.slice(this.#next).forEach((value, index) => {
      if (index > 0) printer.out += ", ";
      if (value === null || value === undefined) {
        printer.out += "<nil>";
      } else {
        printer.out += `${typeName(value)}=`;
        printer.printArgument(value, "v");
      }
    });
    printer.out += ")";
  }
}
