import { KustomizeError, messageOf } from "../kustomize-error.ts";
import { limits } from "../limits.ts";

const classes: Record<string, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  upper: "A-Z",
  space: "\\t\\n\\v\\f\\r ",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
  punct: "!-\\/:-@\\[-`{-~",
};

/** What JavaScript says of a pattern, and what Go says. */
const problems = [
  ["Unterminated group", "missing closing )"],
  ["Unmatched ')'", "unexpected )"],
  ["Nothing to repeat", "missing argument to repetition operator"],
  ["Unterminated character class", "missing closing ]"],
] as const;

/** A regular expression of Go's syntax, for the parts that both languages share, plus POSIX classes and inline flags in front. */
export function compilePattern(pattern: string): RegExp {
  if (pattern.length > limits.patternCharactersMax + 100) {
    throw new KustomizeError("limit", `a pattern has more than ${limits.patternCharactersMax} characters`);
  }
  let source = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
  source = source
    .replace(/\\A/g, "^")
    .replace(/\\z/g, "$")
    .replace(/\(\?P</g, "(?<");
  let flags = "";
  const leading = /^(\^\(\?:|\^)?\(\?([ims]+)\)/.exec(source);
  if (leading !== null) {
    flags = leading[2] ?? "";
    source = (leading[1] ?? "") + source.slice(leading[0].length);
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const reason = problems.find(([found]) => messageOf(error).includes(found))?.[1] ?? "invalid or not supported here";
    throw new KustomizeError("transform", `error parsing regexp: ${reason}: \`${pattern}\``, error);
  }
}

/** A pattern that must take the whole text; an empty one takes any. */
export function wholePattern(pattern: string): RegExp | undefined {
  return pattern === "" ? undefined : compilePattern(`^(?:${pattern})$`);
}
