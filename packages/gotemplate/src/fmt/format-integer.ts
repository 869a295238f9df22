// Integers under the verbs d, b, o, O, x, X, c, q and U.
import { isPrint, isSurrogate, maxRune } from "../strconv/unicode.ts";
import { quoteRune } from "../strconv/quote.ts";
import { type Flags, pad, padWithSpaces } from "./flags.ts";

export interface IntegerStyle {
  readonly base: 2 | 8 | 10 | 16;
  readonly upper?: boolean;
  /** %O: a 0o in front. */
  readonly octalPrefix?: boolean;
}

export function formatInteger(flags: Flags, value: bigint, style: IntegerStyle): string {
  const negative = value < 0n;
  let digits = (negative ? -value : value).toString(style.base);
  if (style.upper === true) digits = digits.toUpperCase();
  if (flags.precision === 0 && value === 0n) return padWithSpaces(flags, "");
  digits = digits.padStart(leastDigits(flags, negative), "0");
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  return padWithSpaces(flags, sign + prefixOf(flags, style, digits) + digits);
}

function leastDigits(flags: Flags, negative: boolean): number {
  if (flags.precision !== undefined) return flags.precision;
  if (!flags.zero || flags.minus || flags.width === undefined) return 0;
  return negative || flags.plus || flags.space ? flags.width - 1 : flags.width;
}

function prefixOf(flags: Flags, style: IntegerStyle, digits: string): string {
  let prefix = "";
  if (flags.sharp) {
    if (style.base === 2) prefix = "0b";
    else if (style.base === 8 && !digits.startsWith("0")) prefix = "0";
    else if (style.base === 16) prefix = style.upper === true ? "0X" : "0x";
  }
  return style.octalPrefix === true ? `0o${prefix}` : prefix;
}

/** As an unsigned 64 bit number, which is how Go decides whether it is a code point. */
function runeOf(value: bigint): number {
  const unsigned = BigInt.asUintN(64, value);
  return unsigned > BigInt(maxRune) ? 0xfffd : Number(unsigned);
}

export function formatRune(flags: Flags, value: bigint): string {
  const rune = runeOf(value);
  return pad(flags, String.fromCodePoint(isSurrogate(rune) ? 0xfffd : rune));
}

export function formatQuotedRune(flags: Flags, value: bigint): string {
  return pad(flags, quoteRune(runeOf(value), flags.plus));
}

export function formatUnicode(flags: Flags, value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  const digits = unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), "0");
  const rune = Number(unsigned);
  const shown = flags.sharp && rune <= maxRune && isPrint(rune) ? ` '${String.fromCodePoint(rune)}'` : "";
  return padWithSpaces(flags, `U+${digits}${shown}`);
}
