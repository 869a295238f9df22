import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { FieldSet, sorted } from "./field-set.ts";
import { readPathElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";

/** The tree that `managedFields` shows: `{"f:spec":{"f:replicas":{}}}`. A dot says that the step itself is in the set as well. */
export function encodeFields(set: FieldSet): JsonObject {
  const tree: JsonObject = {};
  for (const element of sorted(elementsOf(set))) {
    const child = set.children.get(element);
    const below = child === undefined || child.isEmpty ? undefined : encodeFields(child);
    const isMember = set.members.has(element);
    if (below === undefined && !isMember) continue;
    setOwn(tree, element, below === undefined ? {} : isMember ? { ".": {}, ...below } : below);
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
}

function readNode(tree: unknown): Node {
  if (!isJsonObject(tree)) throw new SyntaxError("expected a tree of fields");
  let below: FieldSet | undefined;
  let isMember = false;
  for (const [key, value] of Object.entries(tree)) {
    if (key === ".") {
      isMember = true;
      continue;
    }
    const element = readPathElement(key);
    if (element === undefined) continue;
    const child = readNode(value);
    below ??= new FieldSet();
    if (child.isMember) below.members.add(element);
    if (child.below !== undefined) below.children.set(element, child.below);
  }
  return { below, isMember: isMember || below === undefined };
}
