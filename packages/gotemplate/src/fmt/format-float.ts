// Floats under the verbs e, f, g, b, x and their kin, with flags.
import { formatFloat } from "../strconv/format-float.ts";
import { type Flags, pad, padWithSpaces, padding } from "./flags.ts";

export interface FloatStyle {
  readonly verb: string;
  /** Without one in the format; -1 is as many digits as needed. */
  readonly precision: number;
  readonly bits: 32 | 64;
}

export function formatFloatVerb(flags: Flags, value: number, style: FloatStyle): string {
  const precision = flags.precision ?? style.precision;
  const text = formatFloat(value, { verb: style.verb, precision, bits: style.bits });
  const signed = text.startsWith("-") || text.startsWith("+");
  let sign = signed ? text.slice(0, 1) : "+";
  let magnitude = signed ? text.slice(1) : text;
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  if (magnitude === "Inf" || magnitude === "NaN") {
    // These look like no number, so no zeros go in front; NaN only has a sign if one is asked for.
    const bare = magnitude === "NaN" && !flags.space && !flags.plus;
    return padWithSpaces(flags, bare ? magnitude : sign + magnitude);
  }
  if (flags.sharp && style.verb !== "b") magnitude = withPoint(magnitude, style.verb, precision);
  if (!flags.plus && sign === "+") return pad(flags, magnitude);
  if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > magnitude.length + 1) {
    return sign + padding(flags, magnitude.length + 1) + magnitude;
  }
  return pad(flags, sign + magnitude);
}

/** %#g: always a decimal point, and the zeros up to the precision. */
function withPoint(magnitude: string, verb: string, precision: number): string {
  const exponentAt = magnitude.search(verb === "x" || verb === "X" ? /[pP]/u : /[eEpP]/u);
  const tail = exponentAt < 0 ? "" : magnitude.slice(exponentAt);
  let head = exponentAt < 0 ? magnitude : magnitude.slice(0, exponentAt);
  let wanted = "vgGx".includes(verb) ? (precision === -1 ? 6 : precision) : 0;
  const significant = head.replace(".", "").replace(/^0+/u, "");
  wanted -= significant.length;
  if (!head.includes(".")) {
    if (head === "0") wanted--;
    head += ".";
  }
  return head + "0".repeat(Math.max(wanted, 0)) + tail;
}
