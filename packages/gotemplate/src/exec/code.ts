// What nodes are compiled to.
import type { OperandNode } from "../parse/node.ts";
import type { Frame } from "./frame.ts";

/** How a statement ended. */
export type Outcome = "done" | "break" | "continue";

export type Statement = (frame: Frame, dot: unknown) => Outcome;

/** Gives `undefined` where Go has no value at all (a missing map key), `null` for a nil interface. */
export type Expression = (frame: Frame, dot: unknown) => unknown;

/** A command of a pipeline; `final` is the value of the command before it. */
export type Command = (frame: Frame, dot: unknown, final?: unknown) => unknown;

/** An argument of a call; literals have no code, since what they are depends on the parameter. */
export interface Operand {
  readonly node: OperandNode;
  readonly evaluate: Expression | undefined;
}

/** What the head of a command is called with. */
export interface Invocation {
  readonly args: readonly Operand[];
  readonly hasFinal: boolean;
}

export const noArguments: Invocation = { args: [], hasFinal: false };

/** What fields are read of, and where it came from: messages name the element type of its container. */
export interface Receiver {
  readonly evaluate: Expression;
  readonly elementType: (frame: Frame) => string | undefined;
}
