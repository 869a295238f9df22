import { runeCount } from "@fairway/gotemplate";
import type { Check } from "./check.ts";
import { englishCount, englishNumber } from "./english-number.ts";
import { compareDecimals, decimalOf, isMultiple, toNumber } from "./json-number.ts";
import type { Decimal } from "./json-number.ts";
import { quoted } from "./json-value.ts";

export function checkString(check: Check, value: string): void {
  const { minLength, maxLength, pattern } = check.schema;
  if (minLength !== undefined || maxLength !== undefined) {
    const length = runeCount(value);
    if (minLength !== undefined && length < minLength) {
      check.fail(`minLength: got ${englishCount(length)}, want ${englishCount(minLength)}`);
    }
    if (maxLength !== undefined && length > maxLength) {
      check.fail(`maxLength: got ${englishCount(length)}, want ${englishCount(maxLength)}`);
    }
  }
  if (pattern !== undefined && !pattern.test(value)) {
    check.fail(`${quoted(value)} does not match pattern ${quoted(pattern.source)}`);
  }
}

export function checkNumber(check: Check, value: unknown): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = check.schema;
  const number = decimalOf(value);
  if (number === undefined) return;
  if (minimum !== undefined && compareDecimals(number, minimum) < 0) fail(check, "minimum", number, minimum);
  if (maximum !== undefined && compareDecimals(number, maximum) > 0) fail(check, "maximum", number, maximum);
  if (exclusiveMinimum !== undefined && compareDecimals(number, exclusiveMinimum) <= 0) {
    fail(check, "exclusiveMinimum", number, exclusiveMinimum);
  }
  if (exclusiveMaximum !== undefined && compareDecimals(number, exclusiveMaximum) >= 0) {
    fail(check, "exclusiveMaximum", number, exclusiveMaximum);
  }
  if (multipleOf !== undefined && !isMultiple(number, multipleOf)) fail(check, "multipleOf", number, multipleOf);
}

function fail(check: Check, keyword: string, ...[got, want]: readonly [Decimal, Decimal]): void {
  check.fail(`${keyword}: got ${englishNumber(toNumber(got))}, want ${englishNumber(toNumber(want))}`);
}
