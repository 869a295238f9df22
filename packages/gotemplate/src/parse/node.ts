// The parse tree.

/** Where nodes come from: the file and its whole text, for positions in messages. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
}

interface NodeBase {
  readonly source: TemplateSource;
  readonly pos: number;
}

export interface TextNode extends NodeBase {
  readonly kind: "text";
  readonly text: string;
}

export interface ActionNode extends NodeBase {
  readonly kind: "action";
  readonly pipe: PipeNode;
}

export interface BranchNode extends NodeBase {
  readonly kind: "if" | "range" | "with";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface JumpNode extends NodeBase {
  readonly kind: "break" | "continue";
}

export interface TemplateNode extends NodeBase {
  readonly kind: "template";
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type StatementNode = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

export interface ListNode extends NodeBase {
  readonly kind: "list";
  readonly nodes: StatementNode[];
}

export interface PipeNode extends NodeBase {
  readonly kind: "pipe";
  readonly isAssign: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends NodeBase {
  readonly kind: "command";
  /** Never empty. */
  readonly args: readonly [OperandNode, ...OperandNode[]];
}

export interface VariableNode extends NodeBase {
  readonly kind: "variable";
  /** With its `$`. */
  readonly name: string;
  readonly fields: readonly string[];
}

export interface FieldNode extends NodeBase {
  readonly kind: "field";
  readonly fields: readonly string[];
}

export interface IdentifierNode extends NodeBase {
  readonly kind: "identifier";
  readonly name: string;
}

/** Fields of what is in parentheses, or of a function's result. */
export interface ChainNode extends NodeBase {
  readonly kind: "chain";
  readonly operand: IdentifierNode | PipeNode;
  readonly fields: readonly string[];
}

export interface NumberNode extends NodeBase {
  readonly kind: "number";
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
}

export interface StringNode extends NodeBase {
  readonly kind: "string";
  readonly quoted: string;
  readonly text: string;
}

export interface BoolNode extends NodeBase {
  readonly kind: "bool";
  readonly value: boolean;
}

export interface WordNode extends NodeBase {
  readonly kind: "dot" | "nil";
}

export type LiteralNode = NumberNode | StringNode | BoolNode;

export type OperandNode = LiteralNode | WordNode | FieldNode | VariableNode | IdentifierNode | ChainNode | PipeNode;

export type Node = StatementNode | ListNode | CommandNode | OperandNode;
