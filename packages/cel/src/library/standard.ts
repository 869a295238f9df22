import { fails } from "../cel-error.ts";
import type { Library } from "../declarations.ts";
import { STANDARD_MACROS } from "../macros.ts";
import { compileRegexp } from "../regexp/go-regexp.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { CONVERSIONS } from "./conversions.ts";
import { MOMENTS } from "./moments.ts";

export function matches(text: string, pattern: string): boolean {
  return compile(pattern).matches(text);
}

export function compile(pattern: string): ReturnType<typeof compileRegexp> {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    throw error instanceof Error ? fails(error.message) : error;
  }
}

const TEXTS: readonly Overload[] = [
  overload("string::contains(string): bool", (text, part) => (text as string).includes(part as string)),
  overload("string::startsWith(string): bool", (text, part) => (text as string).startsWith(part as string)),
  overload("string::endsWith(string): bool", (text, part) => (text as string).endsWith(part as string)),
  overload("string::matches(string): bool", (text, pattern) => matches(text as string, pattern as string)),
  overload("matches(string, string): bool", (text, pattern) => matches(text as string, pattern as string)),
];

/** What every expression can use. */
export const STANDARD: Library = {
  name: "standard",
  overloads: [...ARITHMETIC, ...CONVERSIONS, ...TEXTS, ...MOMENTS],
  macros: STANDARD_MACROS,
};
