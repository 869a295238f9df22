/** What the wildcards of a dialect mean. */
interface Dialect {
  /** Whether `*`, `?` and classes stay within one segment of the path. */
  readonly staysInSegment: boolean;
  /** `**` goes over any number of segments. */
  readonly hasDoubleStar: boolean;
  /** `{a,b}` is either. */
  readonly hasBraces: boolean;
}

type PathMatcher = (path: string) => boolean;

/** `path.Match` of Go: how folders are selected. */
export function pathMatch(pattern: string): PathMatcher {
  return matcher(pattern, { staysInSegment: true, hasDoubleStar: false, hasBraces: false });
}

/** With `**` and `{a,b}`: how value files are selected. */
export function fileMatch(pattern: string): PathMatcher {
  return matcher(withoutRoot(pattern), { staysInSegment: true, hasDoubleStar: true, hasBraces: true });
}

/** `*` goes through folders: how a directory source includes and excludes. */
export function looseMatch(pattern: string): PathMatcher {
  return matcher(pattern, { staysInSegment: false, hasDoubleStar: true, hasBraces: true });
}

/**
 * A pathspec of Git, as `git ls-files` takes it: `*` goes through folders, and a path selects all below it. So are files
 * of generators selected, unless Argo CD was told to glob in another way.
 */
export function pathspecMatch(pattern: string): PathMatcher {
  const spec = withoutRoot(pattern);
  const below = spec === "" || spec === "." ? "" : `${spec.replace(/\/+$/, "")}/`;
  const matches = matcher(spec, { staysInSegment: false, hasDoubleStar: false, hasBraces: false });
  return (path) => path.startsWith(below) || matches(path);
}

function withoutRoot(pattern: string): string {
  return pattern.replace(/^(?:\.?\/)+/, "");
}

function matcher(pattern: string, dialect: Dialect): PathMatcher {
  const expression = expressionOf(pattern, dialect);
  return (path) => expression?.test(path) ?? false;
}

/** Undefined for a malformed pattern, which matches nothing. */
function expressionOf(pattern: string, dialect: Dialect): RegExp | undefined {
  const one = dialect.staysInSegment ? "[^/]" : ".";
  let source = "";
  let braces = 0;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? "";
    if (character === "*" && dialect.hasDoubleStar && pattern[index + 1] === "*") {
      const isSegments = dialect.staysInSegment && pattern[index + 2] === "/";
      source += isSegments ? "(?:[^/]*/)*" : ".*";
      index += isSegments ? 2 : 1;
    } else if (character === "*") source += `${one}*`;
    else if (character === "?") source += one;
    else if (character === "[") {
      const found = classAt(pattern, index, dialect);
      if (!found) return undefined;
      source += found.source;
      index = found.end;
    } else if (character === "\\") source += escaped(pattern[++index] ?? "");
    else if (dialect.hasBraces && character === "{") {
      source += "(?:";
      braces++;
    } else if (braces > 0 && character === "}") {
      source += ")";
      braces--;
    } else if (braces > 0 && character === ",") source += "|";
    else source += escaped(character);
  }
  return braces === 0 ? new RegExp(`^${source}$`, "su") : undefined;
}

/** `[a-c]` and `[^a]`. Undefined when it is not closed or a range runs backwards. */
function classAt(pattern: string, start: number, dialect: Dialect): { source: string; end: number } | undefined {
  const end = pattern.indexOf("]", start + 2);
  if (end === -1) return undefined;
  const isNegated = /[\^!]/.test(pattern[start + 1] ?? "");
  const members = pattern.slice(start + (isNegated ? 2 : 1), end);
  for (const [, low = "", high = ""] of members.matchAll(/([^-])-([^-])/g)) if (low > high) return undefined;
  const slash = isNegated && dialect.staysInSegment ? "/" : "";
  return { source: `[${isNegated ? "^" : ""}${slash}${members.replaceAll(/[\\[\]^&~|]/g, String.raw`\$&`)}]`, end };
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
