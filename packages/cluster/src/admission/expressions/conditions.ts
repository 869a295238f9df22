import { CelError, type Environment, type Program } from "@fairway/cel";
import type { Inputs } from "./inputs.ts";

export interface Condition {
  readonly name?: string;
  readonly expression: string;
}

/** An expression that is ready, or why it never will be. */
export type Compiled = { readonly text: string } & (
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "broken"; readonly problem: string }
);

export function compile(environment: Environment, text: string): Compiled {
  try {
    return { kind: "program", text, program: environment.compile(text) };
  } catch (error) {
    if (error instanceof CelError) return { kind: "broken", text, problem: `compilation failed: ${error.message}` };
    throw error;
  }
}

export type Result =
  | { readonly kind: "value"; readonly value: unknown }
  /** The whole sentence. */
  | { readonly kind: "failure"; readonly message: string };

export function evaluate(compiled: Compiled, inputs: Inputs): Result {
  const { text } = compiled;
  if (compiled.kind === "broken") return { kind: "failure", message: compiled.problem };
  try {
    return { kind: "value", value: compiled.program.evaluate(inputs).value };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const message =
      error.code === "cost"
        ? "validation failed due to running out of cost budget, no further validation rules will be run"
        : `expression '${text}' resulted in error: ${error.message}`;
    return { kind: "failure", message };
  }
}

export type Held =
  | { readonly kind: "all" }
  | { readonly kind: "not" }
  | { readonly kind: "failed"; readonly message: string };

/** Whether all conditions hold. One that is false is stronger than one that fails. */
export function holds(conditions: readonly Compiled[], inputs: Inputs): Held {
  const failures: string[] = [];
  for (const condition of conditions) {
    const result = evaluate(condition, inputs);
    if (result.kind === "failure") failures.push(result.message);
    else if (result.value !== true) return { kind: "not" };
  }
  const [first = "", ...others] = failures;
  if (failures.length === 0) return { kind: "all" };
  return { kind: "failed", message: others.length === 0 ? first : `[${[first, ...others].join(", ")}]` };
}
