// What parsing gives: named trees. They hold no functions and no state, so one parse serves any number of sets.
import type { ListNode, StatementNode } from "./node.ts";

export class ParsedTemplate {
  readonly name: string;
  readonly root: ListNode;
  /** Only space and comments: does not replace an earlier definition. */
  readonly isEmpty: boolean;

  constructor(name: string, root: ListNode) {
    this.name = name;
    this.root = root;
    this.isEmpty = isEmptyList(root);
  }
}

export interface ParsedTemplates {
  /** The name given to the whole text. */
  readonly name: string;
  readonly templates: ReadonlyMap<string, ParsedTemplate>;
}

function isEmptyList(list: ListNode): boolean {
  return list.nodes.every(isEmptyNode);
}

function isEmptyNode(node: StatementNode): boolean {
  return node.kind === "text" && node.text.trim() === "";
}
