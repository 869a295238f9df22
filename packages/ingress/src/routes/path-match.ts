/** A path of a rule, ready to be compared. */
export interface PathRule {
  readonly kind: "exact" | "prefix";
  readonly path: string;
}

/** A prefix covers whole elements: `/aaa/bb` does not cover `/aaa/bbb`. A slash at the end of either changes nothing. */
export function covers({ kind, path }: PathRule, asked: string): boolean {
  if (kind === "exact") return path === asked;
  const prefix = path.endsWith("/") ? path.slice(0, -1) : path;
  return asked.startsWith(prefix) && (asked.length === prefix.length || asked[prefix.length] === "/");
}

/** The longest path first; of two as long the exact one. */
export function comparePaths(left: PathRule, right: PathRule): number {
  const length = lengthOf(right) - lengthOf(left);
  if (length !== 0) return length;
  return (left.kind === "exact" ? 0 : 1) - (right.kind === "exact" ? 0 : 1);
}

function lengthOf({ kind, path }: PathRule): number {
  return kind === "prefix" && path.endsWith("/") ? path.length - 1 : path.length;
}

/** The path that routes are compared with: dots are resolved, so that nobody gets around a route by way of another one. */
export function pathOfTarget(target: string): string {
  const end = target.search(/[?#]/u);
  const path = end === -1 ? target : target.slice(0, end);
  if (!/\/\.|%2e|\\/iu.test(path)) return path === "" ? "/" : path;
  return URL.parse(`http://host${path}`)?.pathname ?? "/";
}
