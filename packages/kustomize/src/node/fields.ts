import { KustomizeError } from "../kustomize-error.ts";
import { quoteIfAmbiguous } from "./ambiguous-text.ts";
import { assignNode, entriesOf, isMissingOrNull, isNull, makeNode, makeScalar } from "./node.ts";
import type { Node, NodeKind } from "./node.ts";
import { nodeText } from "./node-text.ts";

const kindNames: Record<NodeKind, string> = {
  none: "",
  scalar: "ScalarNode",
  mapping: "MappingNode",
  sequence: "SequenceNode",
};

/** A node is not of the kind that the operation needs. */
export class NodeKindError extends KustomizeError {
  readonly actual: NodeKind;

  constructor(expected: NodeKind, node: Node) {
    super(
      "transform",
      `wrong node kind: expected ${kindNames[expected]} but got ${kindNames[node.kind]}: node contents:\n${nodeText(node)}`,
    );
    this.actual = node.kind;
  }
}

/** Refuses a node of another kind; a missing or null one passes. */
export function requireKind(node: Node | undefined, kind: NodeKind): void {
  if (!isMissingOrNull(node) && node !== undefined && kindOf(node) !== kind) throw new NodeKindError(kind, node);
}

function kindOf(node: Node): NodeKind {
  return node.kind;
}

/** The value of a key, also when it is null; nothing when the node is no mapping. */
export function peekField(node: Node | undefined, name: string): Node | undefined {
  if (node === undefined || node.kind !== "mapping") return undefined;
  const { content } = node;
  for (let index = 0; index < content.length; index += 2) {
    if (content[index]?.value === name) return content[index + 1];
  }
  return undefined;
}

/** The value of a key of a mapping; anything else than a mapping is refused. */
export function getField(node: Node, name: string): Node | undefined {
  if (isNull(node)) return undefined;
  requireKind(node, "mapping");
  return peekField(node, name);
}

export function clearField(node: Node, name: string): void {
  requireKind(node, "mapping");
  const { content } = node;
  for (let index = 0; index < content.length; index += 2) {
    if (content[index]?.value !== name) continue;
    node.content = [...content.slice(0, index), ...content.slice(index + 2)];
    return;
  }
}

/** Sets a key; a null value removes it, and a value that was there keeps its quotes. */
export function setField(node: Node, name: string, value: Node | undefined): Node | undefined {
  quoteIfAmbiguous(value);
  if (value === undefined || (isNull(value) && value.keep !== true)) {
    clearField(node, name);
    return undefined;
  }
  const field = getField(node, name);
  if (field !== undefined) {
    value.style = field.style;
    assignNode(field, value);
    return field;
  }
  node.content.push(makeScalar(name), value);
  return value;
}

/** Puts another scalar in the place of this one, in the quotes of this one. */
export function setScalar(node: Node, value: Node): void {
  quoteIfAmbiguous(value);
  requireKind(node, "scalar");
  if (isMissingOrNull(value)) return;
  value.style = node.style;
  assignNode(node, value);
}

/** Field names in their order; a repeated name is named again. */
export function fieldNames(node: Node | undefined): string[] {
  if (node === undefined) return [];
  requireKind(node, "mapping");
  return node.kind === "mapping" ? Array.from(entriesOf(node), ([key]) => key.value) : [];
}

export function elementsOf(node: Node): Node[] {
  requireKind(node, "sequence");
  return [...node.content];
}

export function emptyNode(kind: NodeKind): Node {
  const node = makeNode(kind);
  node.tag = "";
  return node;
}
