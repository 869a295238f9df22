// Cuts a command line as a shell does, as far as scenarios need it: spaces, quotes, no variables, no redirections.
import { DiffError } from "../diff-error.ts";

export function splitCommand(text: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else current = `${current ?? ""}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      current ??= "";
    } else if (character === " ") {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else {
      current = `${current ?? ""}${character}`;
    }
  }
  if (quote !== undefined) throw new DiffError("syntax", `the quote ${quote} is never closed`);
  return current === undefined ? found : [...found, current];
}
