import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { FieldSet, sorted } from "./field-set.ts";
import { compareElements, readPathElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** That of a field without fields below it. Nobody changes what `managedFields` says, so that one is enough for all. */
export const LEAF: JsonObject = Object.freeze({});

/** The tree that `managedFields` shows: `{"f:spec":{"f:replicas":{}}}`. A dot says that the step itself is in the set as well. */
export function encodeFields(set: FieldSet): JsonObject {
  if (set.written !== undefined) return set.written;
  const tree: JsonObject = {};
  for (const element of sorted(elementsOf(set))) {
    const child = set.children.get(element);
    const below = child === undefined || child.isEmpty ? undefined : encodeFields(child);
    const isMember = set.members.has(element);
    if (below === undefined && !isMember) continue;
    setOwn(tree, element, below === undefined ? LEAF : isMember ? { ".": LEAF, ...below } : below);
  }
  return tree;
}

function elementsOf({ members, children }: FieldSet): Iterable<PathElement> {
  return children.size === 0 ? members : new Set([...members, ...children.keys()]);
}

/** Throws a SyntaxError when a step is malformed. */
export function decodeFields(tree: unknown): FieldSet {
  return readNode(tree).below ?? new FieldSet();
}

interface Node {
  readonly below: FieldSet | undefined;
  readonly isMember: boolean;
  /** Nobody would write the same set in another way. */
  readonly isCanonical: boolean;
}

function readNode(tree: unknown): Node {
  if (!isJsonObject(tree)) throw new SyntaxError("expected a tree of fields");
  let below: FieldSet | undefined;
  let isMember = false;
  let isCanonical = true;
  let last = "";
  for (const key of Object.keys(tree)) {
    if (key === ".") {
      isMember = true;
      isCanonical &&= last === "" && isLeaf(tree[key]);
      continue;
    }
    const element = readPathElement(key);
    if (element === undefined) {
      isCanonical = false;
      continue;
    }
    const child = readNode(tree[key]);
    isCanonical &&= child.isCanonical && element === key && (last === "" || compareElements(last, element) < 0);
    last = element;
    below ??= new FieldSet();
    if (child.isMember) below.members.add(element);
    if (child.below !== undefined) below.children.set(element, child.below);
  }
  if (below === undefined) return { below, isMember: true, isCanonical: isCanonical && !isMember };
  if (isCanonical && !isMember) below.written = tree;
  return { below, isMember, isCanonical };
}

function isLeaf(tree: unknown): boolean {
  return isJsonObject(tree) && Object.keys(tree).length === 0;
}
