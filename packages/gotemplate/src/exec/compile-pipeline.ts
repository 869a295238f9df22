// Pipelines and the commands in them.
import { nodeText } from "../parse/node-text.ts";
import type { CommandNode, OperandNode, PipeNode, VariableNode } from "../parse/node.ts";
import { constantValue, literalArgument } from "./argument.ts";
import { compileFunctionCall } from "./call.ts";
import { type Command, type Expression, type Invocation, type Operand, type Receiver, noArguments } from "./code.ts";
import { compileFields } from "./field.ts";
import type { Frame } from "./frame.ts";
import type { Scope, Variable } from "./scope.ts";

export function compilePipeline(pipe: PipeNode, scope: Scope, declaresElements = false): Expression {
  const commands = pipe.commands.map((command, index) => compileCommand(command, scope, index > 0));
  const evaluate = chained(pipe, commands);
  if (pipe.variables.length === 0) return evaluate;
  const targets = pipe.variables.map((variable) => compileStore(variable, pipe, { scope, declaresElements }));
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    for (const store of targets) store(frame, value);
    return value;
  };
}

function chained(pipe: PipeNode, commands: readonly Command[]): Expression {
  const [first, ...rest] = commands;
  if (first === undefined) return () => undefined;
  if (rest.length === 0) {
    return (frame, dot) => {
      frame.node = pipe;
      // A nil interface is unpacked between commands, which leaves no value.
      return first(frame, dot, undefined) ?? undefined;
    };
  }
  return (frame, dot) => {
    frame.node = pipe;
    let value = first(frame, dot, undefined) ?? undefined;
    for (const command of rest) value = command(frame, dot, value) ?? undefined;
    return value;
  };
}

type Store = (frame: Frame, value: unknown) => void;

interface StoreOptions {
  readonly scope: Scope;
  readonly declaresElements: boolean;
}

function compileStore(node: VariableNode, pipe: PipeNode, { scope, declaresElements }: StoreOptions): Store {
  const variable = pipe.isAssign ? scope.find(node.name) : scope.declare(node.name, declaresElements);
  if (variable === undefined) return (frame) => frame.fail(`undefined variable: ${node.name}`);
  const { slot, typeSlot } = variable;
  return (frame, value) => {
    frame.slots[slot] = value;
    if (typeSlot !== undefined) frame.slots[typeSlot] = undefined;
  };
}

function compileCommand(command: CommandNode, scope: Scope, hasFinal: boolean): Command {
  const [head, ...rest] = command.args;
  const invocation: Invocation = { args: rest.map((node) => compileArgumentOperand(node, scope)), hasFinal };
  switch (head.kind) {
    case "field":
      return compileFields(head, dotOperand, invocation);
    case "variable":
      return compileVariable(head, scope, invocation);
    case "chain": {
      const operand = compileChainOperand(head.operand, scope);
      return compileFields(head, operand, invocation);
    }
    case "identifier":
      return compileFunctionCall(head, command, invocation);
    case "pipe": {
      const pipeline = compilePipeline(head, scope);
      return refusingArguments(head, invocation, pipeline);
    }
    default:
      return compileWord(head, invocation);
  }
}

function compileArgumentOperand(node: OperandNode, scope: Scope): Operand {
  const isConstant = node.kind === "bool" || node.kind === "number" || node.kind === "string" || node.kind === "nil";
  return { node, evaluate: isConstant ? undefined : compileOperand(node, scope) };
}

const dotOperand: Receiver = { evaluate: (_frame, dot) => dot, elementType: (frame) => frame.dotType };

function unknownElementType(): undefined {
  return undefined;
}

function compileChainOperand(operand: OperandNode, scope: Scope): Receiver {
  return { evaluate: compileOperand(operand, scope), elementType: unknownElementType };
}

function compileVariable(node: VariableNode, scope: Scope, invocation: Invocation): Command {
  const variable = scope.find(node.name);
  const receiver = variableReceiver(node, variable);
  if (node.fields.length > 0) return compileFields(node, receiver, invocation);
  const { evaluate } = receiver;
  return refusingArguments(node, invocation, (frame, dot) => {
    frame.node = node;
    return evaluate(frame, dot);
  });
}

function variableReceiver(node: VariableNode, variable: Variable | undefined): Receiver {
  if (variable === undefined) {
    return { evaluate: (frame) => frame.fail(`undefined variable: ${node.name}`), elementType: unknownElementType };
  }
  const { slot, typeSlot } = variable;
  return {
    evaluate: (frame) => frame.slots[slot],
    elementType: (frame) => {
      const type = typeSlot === undefined ? undefined : frame.slots[typeSlot];
      return typeof type === "string" ? type : undefined;
    },
  };
}

/** Only functions and methods take arguments. */
function refusingArguments(node: OperandNode, { args, hasFinal }: Invocation, evaluate: Expression): Command {
  if (args.length === 0 && !hasFinal) return evaluate;
  const isPipe = node.kind === "pipe";
  return (frame, dot) => {
    if (!isPipe) frame.node = node;
    if (node.kind === "variable") evaluate(frame, dot);
    return frame.fail(`can't give argument to non-function ${nodeText(node)}`);
  };
}

function compileWord(node: OperandNode, invocation: Invocation): Command {
  return refusingArguments(node, invocation, (frame, dot) => {
    frame.node = node;
    switch (node.kind) {
      case "bool":
        return node.value;
      case "string":
        return node.text;
      case "number":
        return constantValue(frame, node);
      case "nil":
        return frame.fail("nil is not a command");
      default:
        return dot;
    }
  });
}

/** An operand on its own, whatever its type: the argument of a function or the head of a chain. */
function compileOperand(node: OperandNode, scope: Scope): Expression {
  switch (node.kind) {
    case "field":
      return compileFields(node, dotOperand, noArguments);
    case "variable":
      return compileVariable(node, scope, noArguments);
    case "chain":
      return compileFields(node, compileChainOperand(node.operand, scope), noArguments);
    case "identifier":
      return compileFunctionCall(node, node, noArguments);
    case "pipe":
      return compilePipeline(node, scope);
    case "dot":
      return (_frame, dot) => dot;
    case "nil":
      return () => undefined;
    default:
      return literalArgument(node, "interface {}");
  }
}
