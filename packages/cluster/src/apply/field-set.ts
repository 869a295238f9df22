import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { compareElements } from "./path-element.ts";
import type { Path, PathElement } from "./path-element.ts";
import { sortFew } from "./sort-few.ts";

interface Content {
  readonly members: Set<PathElement>;
  readonly children: Map<PathElement, FieldSet>;
}

/**
 * A set of paths, as a tree: `members` are in the set, `children` are what lies below a step, whether that step is itself a member or not.
 * Sets are values: no function changes its arguments, only `insert` changes the set that it is called on while it is being built.
 */
export class FieldSet {
  #content: Content | undefined;
  #written: JsonObject | undefined;

  constructor(content?: Content) {
    this.#content = content;
  }

  /** The set that is written so, in the one way in which sets are written. It is read where somebody looks at it: most of it never is. */
  static written(tree: JsonObject): FieldSet {
    const set = new FieldSet();
    set.#written = tree;
    return set;
  }

  static of(...paths: readonly Path[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  get members(): Set<PathElement> {
    return this.#read().members;
  }

  get children(): Map<PathElement, FieldSet> {
    return this.#read().children;
  }

  /** How it is written, when it was read from that and has not been changed. A dot may say that its own place is in a set as well. */
  get written(): JsonObject | undefined {
    return this.#written;
  }

  #read(): Content {
    return (this.#content ??= readContent(this.#written ?? {}));
  }

  /** The parents of the path do not become members. */
  insert(path: Path): void {
    this.#insertFrom(path, 0);
  }

  #insertFrom(path: Path, depth: number): void {
    const element = path[depth];
    if (element === undefined) return;
    if (depth === path.length - 1) this.#change().members.add(element);
    else this.#descend(element).#insertFrom(path, depth + 1);
  }

  #descend(element: PathElement): FieldSet {
    const { children } = this.#change();
    const child = children.get(element);
    if (child !== undefined) return child;
    const created = new FieldSet();
    children.set(element, created);
    return created;
  }

  #change(): Content {
    const content = this.#read();
    this.#written = undefined;
    return content;
  }

  has(path: Path): boolean {
    const last = path.at(-1);
    if (last === undefined) return false;
    return this.under(path.slice(0, -1))?.members.has(last) ?? false;
  }

  /** What lies below the path. */
  under(path: Path): FieldSet | undefined {
    return path.reduce((node: FieldSet | undefined, element) => node?.children.get(element), this);
  }

  get isEmpty(): boolean {
    if (this.#written !== undefined) return isLeaf(this.#written);
    if (this.#content === undefined) return true;
    if (this.members.size > 0) return false;
    for (const child of this.children.values()) if (!child.isEmpty) return false;
    return true;
  }

  /** All paths: members before what is below, each in order. */
  *paths(prefix: Path = []): Generator<Path> {
    for (const element of sorted(this.members)) yield [...prefix, element];
    for (const element of sorted(this.children.keys())) {
      const child = this.children.get(element);
      if (child !== undefined) yield* child.paths([...prefix, element]);
    }
  }
}

function readContent(tree: JsonObject): Content {
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const element of Object.keys(tree)) {
    const below = tree[element];
    if (element === "." || !isJsonObject(below)) continue;
    const hasParts = !isLeaf(below);
    if (!hasParts || Object.hasOwn(below, ".")) members.add(element);
    if (hasParts) children.set(element, FieldSet.written(below));
  }
  return { members, children };
}

/** Whether nothing is written below the place. */
export function isLeaf(tree: JsonObject): boolean {
  for (const _ in tree) return false;
  return true;
}

export const EMPTY_SET: FieldSet = new FieldSet();

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty) return right;
  if (right.isEmpty) return left;
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? child : union(own, child));
  }
  return new FieldSet({ members: left.members.union(right.members), children });
}

/** Whether all that is in the one is in the other. */
export function isSubset(left: FieldSet, right: FieldSet): boolean {
  if (!left.members.isSubsetOf(right.members)) return false;
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    if (other === undefined ? !child.isEmpty : !isSubset(child, other)) return false;
  }
  return true;
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty || right.isEmpty) return EMPTY_SET;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const both = other === undefined ? EMPTY_SET : intersection(child, other);
    if (!both.isEmpty) children.set(element, both);
  }
  return new FieldSet({ members: left.members.intersection(right.members), children });
}

/** Removing a path keeps what lies below it. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty || right.isEmpty) return left;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other === undefined ? child : difference(child, other);
    if (!rest.isEmpty) children.set(element, rest);
  }
  return new FieldSet({ members: left.members.difference(right.members), children });
}

/** Removing a path also removes all that lies below it. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty || right.isEmpty) return left;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    if (right.members.has(element)) continue;
    const other = right.children.get(element);
    const rest = other === undefined ? child : recursiveDifference(child, other);
    if (!rest.isEmpty) children.set(element, rest);
  }
  return new FieldSet({ members: left.members.difference(right.members), children });
}

export function sorted(elements: Iterable<PathElement>): PathElement[] {
  return sortFew([...elements], compareElements);
}
