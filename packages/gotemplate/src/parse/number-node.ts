// Number and character literals: every kind of number that the same text can be.
import { parseFloat64, parseInt64, parseUint64 } from "../strconv/parse-number.ts";
import { quote } from "../strconv/quote.ts";
import { unquoteRune } from "../strconv/unquote.ts";
import type { Token } from "./token.ts";

export interface NumberValue {
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
}

/** The value, or the message of what is wrong with it. */
export function numberValue(token: Token): NumberValue | string {
  const { text } = token;
  if (token.kind === "charConstant") return characterValue(text);
  if (token.kind === "complex" || (text.endsWith("i") && parseFloat64(text.slice(0, -1)) !== undefined)) {
    return `complex constants are not supported: ${quote(text)}`;
  }
  const int = parseInt64(text);
  const uint = parseUint64(text) ?? (int === 0n ? 0n : undefined);
  if (int !== undefined) return { int, uint, float: Number(int) };
  if (uint !== undefined) return { int, uint, float: Number(uint) };
  const float = parseFloat64(text);
  if (float === undefined) return `illegal number syntax: ${quote(text)}`;
  // What reads as a float but has no sign of one is an integer too large for 64 bits.
  if (!/[.eEpP]/u.test(text)) return `integer overflow: ${quote(text)}`;
  return { ...wholeValues(float), float };
}

/** A float without fraction may stand for an integer. */
function wholeValues(float: number): { int: bigint | undefined; uint: bigint | undefined } {
  if (!Number.isInteger(float)) return { int: undefined, uint: undefined };
  const whole = BigInt(float);
  return {
    int: BigInt.asIntN(64, whole) === whole ? whole : undefined,
    uint: BigInt.asUintN(64, whole) === whole ? whole : undefined,
  };
}

function characterValue(text: string): NumberValue | string {
  const rune = unquoteRune(text, 1, "'");
  if (rune === undefined) return "invalid syntax";
  if (rune.next !== text.length - 1) return `malformed character constant: ${text}`;
  const int = BigInt(rune.code);
  return { int, uint: int, float: rune.code };
}
