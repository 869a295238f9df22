import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { FieldSet, isLeaf, sorted } from "./field-set.ts";
import { compareElements, isCanonical, readPathElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** That of a field without fields below it. Nobody changes what `managedFields` says, so that one is enough for all. */
export const LEAF: JsonObject = Object.freeze({});

/** The tree that `managedFields` shows: `{"f:spec":{"f:replicas":{}}}`. A dot says that the step itself is in the set as well. */
export function encodeFields(set: FieldSet): JsonObject {
  return encodeBelow(set, false);
}

function encodeBelow(set: FieldSet, isMember: boolean): JsonObject {
  const { written } = set;
  if (written !== undefined && Object.hasOwn(written, ".") === isMember) return written;
  const tree: JsonObject = isMember ? { ".": LEAF } : {};
  for (const element of sorted(elementsOf(set))) {
    const child = set.children.get(element);
    const hasParts = child !== undefined && !child.isEmpty;
    const isIn = set.members.has(element);
    if (hasParts) setOwn(tree, element, encodeBelow(child, isIn));
    else if (isIn) setOwn(tree, element, LEAF);
  }
  return tree;
}

function elementsOf({ members, children }: FieldSet): Iterable<PathElement> {
  return children.size === 0 ? members : new Set([...members, ...children.keys()]);
}

/** Throws a SyntaxError when a step is malformed. */
export function decodeFields(tree: unknown): FieldSet {
  if (isJsonObject(tree) && isWrittenWell(tree)) return FieldSet.written(tree);
  return readNode(tree).below ?? new FieldSet();
}

/** Whether it is how we would write it. */
function isWrittenWell(tree: JsonObject): boolean {
  let last = "";
  let hasDot = false;
  for (const element in tree) {
    const below = tree[element];
    if (!isJsonObject(below)) return false;
    if (element === ".") {
      if (last !== "" || !isLeaf(below)) return false;
      hasDot = true;
      continue;
    }
    if (!isCanonical(element) || (last !== "" && compareElements(last, element) >= 0)) return false;
    if (!isWrittenWell(below)) return false;
    last = element;
  }
  return !hasDot || last !== "";
}

interface Node {
  readonly below: FieldSet | undefined;
  readonly isMember: boolean;
}

/** Reads also what others write in ways of their own. */
function readNode(tree: unknown): Node {
  if (!isJsonObject(tree)) throw new SyntaxError("expected a tree of fields");
  let below: FieldSet | undefined;
  let isMember = false;
  for (const key of Object.keys(tree)) {
    if (key === ".") {
      isMember = true;
      continue;
    }
    const element = readPathElement(key);
    if (element === undefined) continue;
    const child = readNode(tree[key]);
    below ??= new FieldSet();
    if (child.isMember) below.members.add(element);
    if (child.below !== undefined) below.children.set(element, child.below);
  }
  return { below, isMember: isMember || below === undefined };
}
