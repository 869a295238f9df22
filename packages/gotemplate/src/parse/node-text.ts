// Nodes written back as template text, as messages quote them.
import { quote } from "../strconv/quote.ts";
import type { BranchNode, CommandNode, Node, PipeNode } from "./node.ts";

export function nodeText(node: Node): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(nodeText).join("");
    case "text":
      return node.text;
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "if":
    case "range":
    case "with":
      return branchText(node);
    case "template":
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${pipeText(node.pipe)}`}}}`;
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "pipe":
      return pipeText(node);
    case "command":
      return commandText(node);
    default:
      return operandText(node);
  }
}

type Simple = Exclude<Node, { kind: "list" | "text" | "action" | "template" | "pipe" | "command" } | BranchNode>;

function operandText(node: Simple): string {
  switch (node.kind) {
    case "variable":
      return [node.name, ...node.fields].join(".");
    case "field":
      return node.fields.map((field) => `.${field}`).join("");
    case "chain":
      return parenthesized(node.operand) + node.fields.map((field) => `.${field}`).join("");
    case "identifier":
      return node.name;
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "bool":
      return String(node.value);
    case "dot":
      return ".";
    default:
      return node.kind;
  }
}

function parenthesized(node: Node): string {
  return node.kind === "pipe" ? `(${pipeText(node)})` : nodeText(node);
}

function commandText(command: CommandNode): string {
  return command.args.map(parenthesized).join(" ");
}

function pipeText(pipe: PipeNode): string {
  const commands = pipe.commands.map(commandText).join(" | ");
  if (pipe.variables.length === 0) return commands;
  return `${pipe.variables.map(nodeText).join(", ")} ${pipe.isAssign ? "=" : ":="} ${commands}`;
}

function branchText(branch: BranchNode): string {
  const otherwise = branch.elseList === undefined ? "" : `{{else}}${nodeText(branch.elseList)}`;
  return `{{${branch.kind} ${pipeText(branch.pipe)}}}${nodeText(branch.list)}${otherwise}{{end}}`;
}
