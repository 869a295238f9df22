// Strings and bytes under the verbs s, q, x and X.
import { firstRunes, stringToBytes } from "../go-string.ts";
import { canBackquote, quote } from "../strconv/quote.ts";
import { type Flags, pad, padding } from "./flags.ts";

function truncated(flags: Flags, text: string): string {
  return flags.precision === undefined ? text : firstRunes(text, flags.precision);
}

export function formatPlain(flags: Flags, text: string): string {
  return pad(flags, truncated(flags, text));
}

export function formatQuoted(flags: Flags, text: string): string {
  const shown = truncated(flags, text);
  if (flags.sharp && canBackquote(shown)) return pad(flags, `\`${shown}\``);
  return pad(flags, quote(shown, flags.plus));
}

export function formatHexString(flags: Flags, value: string | Uint8Array, upper: boolean): string {
  const all = typeof value === "string" ? stringToBytes(value) : value;
  const bytes = flags.precision === undefined ? all : all.subarray(0, flags.precision);
  if (bytes.length === 0) return padding(flags, 0);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const prefix = flags.sharp ? "0x" : "";
  const text = flags.space ? digits.map((pair) => prefix + pair).join(" ") : prefix + digits.join("");
  const shown = upper ? text.toUpperCase() : text;
  return flags.minus ? shown + padding(flags, shown.length) : padding(flags, shown.length) + shown;
}
