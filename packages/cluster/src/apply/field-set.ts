import type { JsonObject } from "../object/json-value.ts";
import { compareElements, isPlainField } from "./path-element.ts";
import type { Path, PathElement } from "./path-element.ts";

/**
 * A set of paths, as a tree: `members` are in the set, `children` are what lies below a step, whether that step is itself a member or not.
 * Sets are values: no function changes its arguments, only `insert` changes the set that it is called on while it is being built.
 */
export class FieldSet {
  readonly members: Set<PathElement>;
  readonly children: Map<PathElement, FieldSet>;
  /** How it is written, when it was read from that and has not been changed. Nobody changes it either. */
  written: JsonObject | undefined = undefined;

  constructor(members = new Set<PathElement>(), children = new Map<PathElement, FieldSet>()) {
    this.members = members;
    this.children = children;
  }

  static of(...paths: readonly Path[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /** The parents of the path do not become members. */
  insert(path: Path): void {
    this.written = undefined;
    let parent: FieldSet | undefined;
    let last: PathElement | undefined;
    for (const element of path) {
      parent = last === undefined ? this : parent?.descend(last);
      last = element;
    }
    if (last !== undefined) parent?.members.add(last);
  }

  private descend(element: PathElement): FieldSet {
    const child = this.children.get(element);
    if (child !== undefined) {
      child.written = undefined;
      return child;
    }
    const created = new FieldSet();
    this.children.set(element, created);
    return created;
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

export const EMPTY_SET: FieldSet = new FieldSet();

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty) return right;
  if (right.isEmpty) return left;
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? child : union(own, child));
  }
  return new FieldSet(left.members.union(right.members), children);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left.isEmpty || right.isEmpty) return EMPTY_SET;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const both = other === undefined ? EMPTY_SET : intersection(child, other);
    if (!both.isEmpty) children.set(element, both);
  }
  return new FieldSet(left.members.intersection(right.members), children);
}

/** Removing a path keeps what lies below it. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (right.isEmpty) return left;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other === undefined ? child : difference(child, other);
    if (!rest.isEmpty) children.set(element, rest);
  }
  return new FieldSet(left.members.difference(right.members), children);
}

/** Removing a path also removes all that lies below it. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  if (right.isEmpty) return left;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of left.children) {
    if (right.members.has(element)) continue;
    const other = right.children.get(element);
    const rest = other === undefined ? child : recursiveDifference(child, other);
    if (!rest.isEmpty) children.set(element, rest);
  }
  return new FieldSet(left.members.difference(right.members), children);
}

export function sorted(elements: Iterable<PathElement>): PathElement[] {
  const list = [...elements];
  if (list.length < 2) return list;
  // Of plain fields the order of JavaScript is the one that is wanted.
  return list.every(isPlainField) ? list.sort() : list.sort(compareElements);
}
