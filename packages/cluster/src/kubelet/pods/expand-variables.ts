/**
 * Replaces `$(NAME)` by a variable's value. `$$(NAME)` stands for the text itself, and a name without a variable stays as it is written, so that
 * a shell's own `$` is left alone.
 */
export function expandVariables(text: string, lookUp: (name: string) => string | undefined): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    const next = text[at + 1];
    if (text[at] !== "$" || next === undefined) {
      result += text[at];
    } else if (next === "$") {
      result += "$";
      at += 1;
    } else if (next === "(") {
      const end = text.indexOf(")", at + 2);
      if (end < 0) {
        result += "$(";
        at += 1;
      } else {
        const name = text.slice(at + 2, end);
        result += lookUp(name) ?? `$(${name})`;
        at = end;
      }
    } else {
      result += "$";
    }
  }
  return result;
}
