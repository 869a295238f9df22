import { CelError, CelObject, DYN, type CelType, type Environment } from "@fairway/cel";
import { admissionEnvironment, variablesType } from "../expressions/declared.ts";
import { compile, type Compiled } from "../expressions/conditions.ts";
import { withInputs, type Inputs } from "../expressions/inputs.ts";
import { typedValue } from "../expressions/json-value.ts";
import type { PolicySpec, Validation, ValidatingPolicy } from "./policy-objects.ts";

export interface CompiledPolicy {
  readonly conditions: readonly Compiled[];
  readonly variables: readonly CompiledVariable[];
  readonly validations: readonly CompiledValidation[];
  readonly annotations: readonly { readonly key: string; readonly value: Compiled }[];
}

export interface CompiledVariable {
  readonly name: string;
  readonly compiled: Compiled;
}

export interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: Compiled;
  readonly message: Compiled | undefined;
}

const known = new WeakMap<ValidatingPolicy, CompiledPolicy>();

/** Compiled once for as long as the policy stays as it is. */
export function compiledPolicy(policy: ValidatingPolicy): CompiledPolicy {
  const before = known.get(policy);
  if (before) return before;
  const { spec } = policy;
  const { variables, environment } = declareVariables(spec);
  const made: CompiledPolicy = {
    variables,
    conditions: (spec.matchConditions ?? []).map(({ expression }) => compile(environment, expression)),
    validations: (spec.validations ?? []).map((validation) => ({
      validation,
      expression: compile(environment, validation.expression),
      message: validation.messageExpression ? compile(environment, validation.messageExpression) : undefined,
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      value: compile(environment, valueExpression),
    })),
  };
  known.set(policy, made);
  return made;
}

/** Each variable may speak of those before it. */
export function declareVariables({ variables = [], paramKind }: PolicySpec): {
  readonly variables: readonly CompiledVariable[];
  readonly environment: Environment;
} {
  const types: Record<string, CelType> = {};
  const environment = (): Environment =>
    admissionEnvironment({ hasParams: paramKind !== undefined, variables: { ...types } });
  const compiled = variables.map(({ name, expression }) => {
    const made = compile(environment(), expression);
    types[name] = made.kind === "program" ? made.program.type : DYN;
    return { name, compiled: made };
  });
  return { variables: compiled, environment: environment() };
}

/** With the variables of the policy, each worked out when an expression first speaks of it. */
export function withVariables(variables: readonly CompiledVariable[], inputs: Inputs): Inputs {
  const values = new Map<string, ReturnType<Inputs>>();
  const byName = new Map(variables.map(({ name, compiled }) => [name, compiled]));
  const field = (name: string): ReturnType<Inputs> => {
    const before = values.get(name);
    const compiled = byName.get(name);
    if (before !== undefined || !compiled) return before;
    const value = valueOf(name, compiled, all);
    values.set(name, value);
    return value;
  };
  const object = new CelObject(variablesType, [...byName.keys()], field);
  const all = withInputs(inputs, { variables: variables.length === 0 ? typedValue(variablesType, {}) : object });
  return all;
}

function valueOf(name: string, compiled: Compiled, inputs: Inputs): ReturnType<Inputs> {
  try {
    if (compiled.kind === "broken") throw new CelError("evaluation", compiled.problem);
    return compiled.program.evaluate(inputs).value;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    throw new CelError("evaluation", `composited variable "${name}" fails to evaluate: ${error.message}`);
  }
}
