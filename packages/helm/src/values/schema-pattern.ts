import { compileRegexp } from "../functions/regexp/go-regexp.ts";

/** Compiles a pattern of a values schema; Helm's library reads it as Go does. */
export function compilePattern(source: string): (text: string) => boolean {
  const expression = compileRegexp(source);
  return (text) => expression.matches(text);
}
