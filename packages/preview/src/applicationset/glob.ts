/** `path.Match` of Go: `*` and `?` stay within one segment, `[a-c]` and `[^a]` are classes, `\` escapes. */
export function pathMatch(pattern: string): (path: string) => boolean {
  const expression = new RegExp(`^${translate(pattern, false)}$`, "su");
  return (path) => expression.test(path);
}

/** The same with `**` over any number of segments and `{a,b}`: how files are selected. */
export function fileMatch(pattern: string): (path: string) => boolean {
  const expression = new RegExp(`^${translate(pattern.replace(/^\.?\//, ""), true)}$`, "su");
  return (path) => expression.test(path);
}

function translate(pattern: string, extended: boolean): string {
  let result = "";
  let braces = 0;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? "";
    if (extended && pattern.startsWith("**/", index)) {
      result += "(?:[^/]*/)*";
      index += 2;
    } else if (extended && pattern.startsWith("**", index)) {
      result += ".*";
      index += 1;
    } else if (character === "*") result += "[^/]*";
    else if (character === "?") result += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", index + 2);
      if (end === -1) return String.raw`(?!)`;
      const negated = /^[\^!]/.test(pattern.slice(index + 1));
      const members = pattern.slice(index + (negated ? 2 : 1), end).replaceAll(/[\\[\]^&~|]/g, String.raw`\$&`);
      result += `[${negated ? "^/" : ""}${members}]`;
      index = end;
    } else if (character === "\\") {
      result += escaped(pattern[++index] ?? "");
    } else if (extended && character === "{") {
      result += "(?:";
      braces++;
    } else if (extended && character === "}" && braces > 0) {
      result += ")";
      braces--;
    } else if (extended && character === "," && braces > 0) result += "|";
    else result += escaped(character);
  }
  return braces > 0 ? "(?!)" : result;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
