import { goText } from "../../object/go-text.ts";
import type { JsonSchema } from "../json-schema.ts";

/** Sentences about a number that is out of its bounds. Bounds of whole numbers are cut to whole numbers. */
export function validateNumber(value: number, schema: JsonSchema, path: string): string[] {
  const { multipleOf, maximum, exclusiveMaximum = false, minimum, exclusiveMinimum = false } = schema;
  const bound = (number: number): number => (Number.isInteger(value) ? Math.trunc(number) : number);
  const sentences: string[] = [];
  if (multipleOf !== undefined) sentences.push(...multipleMistakes(value, bound(multipleOf), path));
  if (maximum !== undefined) {
    const most = bound(maximum);
    if (exclusiveMaximum ? value >= most : value > most)
      sentences.push(`${path} in body should be less than ${exclusiveMaximum ? "" : "or equal to "}${goText(most)}`);
  }
  if (minimum !== undefined) {
    const least = bound(minimum);
    if (exclusiveMinimum ? value <= least : value < least)
      sentences.push(
        `${path} in body should be greater than ${exclusiveMinimum ? "" : "or equal to "}${goText(least)}`,
      );
  }
  return sentences;
}

function multipleMistakes(value: number, factor: number, path: string): string[] {
  if (factor <= 0) return [`factor MultipleOf declared for ${path} must be positive: ${goText(factor)}`];
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return isWhole(times) ? [] : [`${path} in body should be a multiple of ${goText(factor)}`];
}

/** As near to a whole number as doubles are exact. */
function isWhole(value: number): boolean {
  const nearest = Math.round(value);
  return value === nearest || Math.abs(value - nearest) < 1e-9 * Math.max(1, Math.abs(value));
}
