// Flags, width and precision of one verb, and the padding that they ask for.
import { runeCount } from "../go-string.ts";

export class Flags {
  minus = false;
  plus = false;
  sharp = false;
  space = false;
  zero = false;
  /** %+v and %#v are modes of their own in which plus and sharp are off. */
  plusV = false;
  sharpV = false;
  width: number | undefined = undefined;
  precision: number | undefined = undefined;

  /** Nothing was asked for that changes how a whole number is written. */
  get plainIntegers(): boolean {
    const { plus, space, sharpV, width, precision } = this;
    return !plus && !space && !sharpV && width === undefined && precision === undefined;
  }
}

export function padding(flags: Flags, length: number): string {
  const missing = (flags.width ?? 0) - length;
  // Zeros only ever go to the left.
  return missing > 0 ? (flags.zero && !flags.minus ? "0" : " ").repeat(missing) : "";
}

export function pad(flags: Flags, text: string): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const fill = padding(flags, runeCount(text));
  return flags.minus ? text + fill : fill + text;
}

export function padWithSpaces(flags: Flags, text: string): string {
  const { zero } = flags;
  flags.zero = false;
  const padded = pad(flags, text);
  flags.zero = zero;
  return padded;
}
