interface Branch<T> {
  readonly fixed: Map<string, Branch<T>>;
  parameter: Branch<T> | undefined;
  rest: Leaf<T> | undefined;
  leaf: Leaf<T> | undefined;
}

interface Leaf<T> {
  readonly names: readonly string[];
  readonly byMethod: Map<string, T>;
}

export interface RouteMatch<T> {
  readonly kind: "match";
  readonly value: T;
  readonly params: Readonly<Record<string, string>>;
}

/** The path is there, the method is not: the answer names those that are. */
export interface MethodMismatch {
  readonly kind: "method";
  readonly allowed: readonly string[];
}

export type Routed<T> = RouteMatch<T> | MethodMismatch | { readonly kind: "none" } | { readonly kind: "malformed" };

export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{([a-zA-Z][a-zA-Z0-9_]*)\*?\}/g)].map((match) => match[1] ?? "");
}

/** Paths as a tree of segments: a fixed segment goes before a parameter, a parameter before the rest. */
export class Router<T> {
  readonly #root: Branch<T> = newBranch();
  /** Paths without parameters: nothing goes before them, and one look finds them. */
  readonly #fixed = new Map<string, Leaf<T>>();

  add(method: string, path: string, value: T): void {
    if (!path.startsWith("/")) throw new TypeError(`the path ${JSON.stringify(path)} has to begin with "/"`);
    const names = pathParameters(path);
    let branch = this.#root;
    for (const segment of path.slice(1).split("/")) {
      if (/^\{.*\*\}$/.test(segment)) {
        branch.rest ??= { names, byMethod: new Map() };
        return place(branch.rest, method, path, value);
      }
      branch = segment.startsWith("{") ? (branch.parameter ??= newBranch()) : fixedBranch(branch, segment);
    }
    branch.leaf ??= { names, byMethod: new Map() };
    place(branch.leaf, method, path, value);
    if (!path.includes("{")) this.#fixed.set(path, branch.leaf);
  }

  find(method: string, path: string): Routed<T> {
    const fixed = this.#fixed.get(path);
    const values: string[] = [];
    const leaf = fixed ?? search(this.#root, path, 1, values);
    if (!leaf) return { kind: "none" };
    const value = leaf.byMethod.get(method) ?? (method === "HEAD" ? leaf.byMethod.get("GET") : undefined);
    if (value === undefined) return { kind: "method", allowed: [...leaf.byMethod.keys()] };
    const params: Record<string, string> = {};
    for (let index = 0; index < values.length; index++) {
      const decoded = decodeSegment(values[index] ?? "");
      if (decoded === undefined) return { kind: "malformed" };
      params[leaf.names[index] ?? ""] = decoded;
    }
    return { kind: "match", value, params };
  }
}

function newBranch<T>(): Branch<T> {
  return { fixed: new Map(), parameter: undefined, rest: undefined, leaf: undefined };
}

function fixedBranch<T>(branch: Branch<T>, segment: string): Branch<T> {
  const next = branch.fixed.get(segment) ?? newBranch<T>();
  branch.fixed.set(segment, next);
  return next;
}

function place<T>(leaf: Leaf<T>, method: string, path: string, value: T): void {
  if (leaf.byMethod.has(method)) throw new TypeError(`${method} ${path} is declared twice`);
  leaf.byMethod.set(method, value);
}

/** Looks for the rest of a path, from `at` on; behind its end there is nothing left to look for. */
function search<T>(branch: Branch<T>, path: string, at: number, values: string[]): Leaf<T> | undefined {
  if (at > path.length) return branch.leaf;
  const slash = path.indexOf("/", at);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(at, end);
  const fixed = branch.fixed.get(segment);
  const found = fixed && search(fixed, path, end + 1, values);
  if (found) return found;
  if (branch.parameter && segment !== "") {
    values.push(segment);
    const deeper = search(branch.parameter, path, end + 1, values);
    if (deeper) return deeper;
    values.pop();
  }
  if (branch.rest) values.push(path.slice(at));
  return branch.rest;
}

function decodeSegment(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    const decoded = decodeURIComponent(segment);
    return decoded.includes("\0") ? undefined : decoded;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
