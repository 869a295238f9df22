/** A compiled pattern of Go's `filepath.Match`: `*` and `?` stop at `/`, classes are `[a-z]` and `[^a-z]`, `\` escapes. */
export type PathMatcher = (path: string) => boolean;

/** The matcher, or undefined for a malformed pattern ("syntax error in pattern"). */
export function compilePathPattern(pattern: string): PathMatcher | undefined {
  const runes = [...pattern];
  let source = "";
  for (let at = 0; at < runes.length; at++) {
    const rune = runes[at] ?? "";
    if (rune === "*") {
      source += "[^/]*";
    } else if (rune === "?") {
      source += "[^/]";
    } else if (rune === "[") {
      const read = readClass(runes, at + 1);
      if (read === undefined) return undefined;
      source += read.source;
      at = read.end;
    } else if (rune === "\\") {
      at++;
      const escaped = runes[at];
      if (escaped === undefined) return undefined;
      source += literal(escaped);
    } else {
      source += literal(rune);
    }
  }
  const expression = new RegExp(`^${source}$`, "su");
  return (path) => expression.test(path);
}

function readClass(runes: readonly string[], start: number): { source: string; end: number } | undefined {
  let at = start;
  const negated = runes[at] === "^";
  if (negated) at++;
  let ranges = "";
  for (let count = 0; ; count++) {
    if (runes[at] === "]" && count > 0) break;
    const low = readEnd(runes, at);
    if (low === undefined) return undefined;
    at = low.next;
    let high = low.rune;
    if (runes[at] === "-") {
      const end = readEnd(runes, at + 1);
      if (end === undefined) return undefined;
      high = end.rune;
      at = end.next;
    }
    if (low.rune <= high) ranges += `${inClass(low.rune)}-${inClass(high)}`;
  }
  if (ranges === "") return { source: negated ? "[^/]" : "(?!)", end: at };
  return { source: negated ? `[^/${ranges}]` : `(?!/)[${ranges}]`, end: at };
}

/** One end of a range; a bare `-` or `]` there is malformed. */
function readEnd(runes: readonly string[], at: number): { rune: string; next: number } | undefined {
  const rune = runes[at];
  if (rune === undefined || rune === "-" || rune === "]") return undefined;
  if (rune !== "\\") return at + 1 < runes.length ? { rune, next: at + 1 } : undefined;
  const escaped = runes[at + 1];
  return escaped === undefined || at + 2 >= runes.length ? undefined : { rune: escaped, next: at + 2 };
}

function literal(rune: string): string {
  return /[\^$\\.*+?()[\]{}|/]/u.test(rune) ? `\\${rune}` : rune;
}

function inClass(rune: string): string {
  return /[\\\]^[-]/u.test(rune) ? `\\${rune}` : rune;
}
