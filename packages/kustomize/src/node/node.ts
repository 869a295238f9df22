/**
 * The tree that everything works on. It keeps what decides how a scalar is read again: its text, its tag and whether it was
 * quoted. Keys keep their order, also those that look like numbers.
 */
export type NodeKind = "none" | "scalar" | "mapping" | "sequence";
export type NodeStyle = "plain" | "single" | "double" | "literal" | "folded";

export interface Node {
  kind: NodeKind;
  /** Short form, such as `!!str`; empty when nothing has decided it yet. */
  tag: string;
  /** The tag was written in the document. */
  tagged: boolean;
  value: string;
  style: NodeStyle;
  /** Elements of a sequence; keys and values of a mapping in turn. */
  content: Node[];
  /** A null that a merge leaves in place. */
  keep?: boolean;
}

export const tags = {
  null: "!!null",
  string: "!!str",
  int: "!!int",
  float: "!!float",
  bool: "!!bool",
  map: "!!map",
  sequence: "!!seq",
  merge: "!!merge",
  timestamp: "!!timestamp",
  binary: "!!binary",
} as const;

export function makeScalar(value: string, tag = "", style: NodeStyle = "plain"): Node {
  return { kind: "scalar", tag, tagged: false, value, style, content: [] };
}

export function makeString(value: string): Node {
  return makeScalar(value, tags.string, value.includes("\n") ? "literal" : "plain");
}

export function makeNode(kind: NodeKind, content: Node[] = []): Node {
  const tag = kind === "mapping" ? tags.map : kind === "sequence" ? tags.sequence : "";
  return { kind, tag, tagged: false, value: "", style: "plain", content };
}

export function copyNode(node: Node): Node {
  return { ...node, content: node.content.map(copyNode) };
}

/** Puts one node in the place of another, so that whoever holds the target sees the change. */
export function assignNode(target: Node, source: Node): void {
  if (target === source) return;
  target.kind = source.kind;
  target.tag = source.tag;
  target.tagged = source.tagged;
  target.value = source.value;
  target.style = source.style;
  target.content = source.content;
}

export function isMissingOrNull(node: Node | undefined): node is undefined {
  return node === undefined || node.tag === tags.null;
}

export function isNull(node: Node | undefined): boolean {
  return node !== undefined && node.tag === tags.null;
}

export function isEmptyMap(node: Node | undefined): boolean {
  return node === undefined || node.tag === tags.null || (node.kind === "mapping" && node.content.length === 0);
}

/** Nothing, null, or a collection without elements. */
export function isNilOrEmpty(node: Node | undefined): boolean {
  if (node === undefined || node.tag === tags.null) return true;
  if (node.kind === "none") return node.tag === "" && node.value === "" && node.content.length === 0;
  return (node.kind === "mapping" || node.kind === "sequence") && node.content.length === 0;
}

export function isString(node: Node): boolean {
  return node.kind === "scalar" && (node.tag === tags.string || node.tag === "");
}

/** The text of a scalar; empty for null. */
export function textOf(node: Node | undefined): string {
  return node === undefined || node.tag === tags.null ? "" : node.value;
}

export function* entriesOf(node: Node): Generator<[Node, Node]> {
  const { content } = node;
  for (let index = 0; index + 1 < content.length; index += 2) {
    const key = content[index];
    const value = content[index + 1];
    if (key !== undefined && value !== undefined) yield [key, value];
  }
}
