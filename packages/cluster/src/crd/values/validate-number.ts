import { goText } from "../../object/go-text.ts";
import type { JsonSchema } from "../json-schema.ts";

/** A sentence about a number, and the number that it is about. */
export interface NumberMistake {
  readonly sentence: string;
  readonly value: number;
}

/** Whole numbers that fit into 64 bits are integers; larger ones are not. */
export function isInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/** Sentences about a number that is out of its bounds. Bounds of whole numbers are cut to whole numbers. */
export function validateNumber(value: number, schema: JsonSchema, path: string): NumberMistake[] {
  const { multipleOf, maximum, exclusiveMaximum = false, minimum, exclusiveMinimum = false } = schema;
  const bound = (number: number): number => (isInteger(value) ? Math.trunc(number) : number);
  const sentences: string[] = [];
  const mistakes: NumberMistake[] = [];
  if (multipleOf !== undefined) mistakes.push(...multipleMistakes(value, bound(multipleOf), path));
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
  return [...mistakes, ...sentences.map((sentence) => ({ sentence, value }))];
}

function multipleMistakes(value: number, factor: number, path: string): NumberMistake[] {
  if (factor <= 0)
    return [{ sentence: `factor MultipleOf declared for ${path} must be positive: ${goText(factor)}`, value: factor }];
  if (isInteger(value)) return value % factor === 0 ? [] : [notMultiple(value, factor, path)];
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return isWhole(times) ? [] : [notMultiple(value, factor, path)];
}

function notMultiple(value: number, factor: number, path: string): NumberMistake {
  return { sentence: `${path} in body should be a multiple of ${goText(factor)}`, value };
}

/** As near to a whole number as doubles are exact. */
function isWhole(value: number): boolean {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const nearest = Math.round(value);
  return value === nearest || Math.abs(value - nearest) < 1e-9 * Math.max(1, Math.abs(value));
}
