import { goQuote } from "../object/go-text.ts";

/** In the words of Go, where a text is no number of 64 bits. */
export function wrongNumber(
  text: string,
  { parser, isSigned }: { readonly parser: string; readonly isSigned: boolean },
): string | undefined {
  const complaint = (why: string): string => `strconv.${parser}: parsing ${goQuote(text)}: ${why}`;
  if (!(isSigned ? /^[+-]?\d+$/ : /^\d+$/).test(text)) return complaint("invalid syntax");
  const value = BigInt(text.replace(/^\+/, ""));
  const isInRange = isSigned ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value;
  return isInRange ? undefined : complaint("value out of range");
}
