import { CelError, problemText } from "./cel-error.ts";
import type { Problem } from "./cel-error.ts";
import type { CelType } from "./cel-type.ts";
import { check } from "./checker.ts";
import type { Checked } from "./checker.ts";
import type { Expr } from "./ast.ts";
import { CostMeter } from "./cost.ts";
import { declare } from "./declarations.ts";
import type { Declarations, Library, StructFields } from "./declarations.ts";
import { compileExpr, evaluateConstants } from "./evaluator.ts";
import { STANDARD } from "./library/standard.ts";
import { CALL_COST_MAX } from "./limits.ts";
import type { Macro } from "./macros.ts";
import { parse } from "./parser.ts";
import { literalProblems, patternProblem } from "./validate-literals.ts";
import type { Value } from "./value.ts";

export interface EnvironmentOptions {
  readonly variables?: Readonly<Record<string, CelType>>;
  readonly structs?: Readonly<Record<string, StructFields>>;
  /** Besides the standard library. */
  readonly libraries?: readonly Library[];
  readonly container?: string;
  /** As Kubernetes: refuses written lists and maps of several types, and texts that can't be what they are used for. */
  readonly homogeneous?: boolean;
}

/** Compiles expressions over declared variables and functions. */
export interface Environment {
  /** Throws a CelError with code `syntax` or `type`, whose message shows every mistake. */
  readonly compile: (text: string) => Program;
  /** As `compile`, but mistakes in types only show when it is evaluated. */
  readonly compileUnchecked: (text: string) => Program;
}

export interface Program {
  /** Of the result. */
  readonly type: CelType;
  readonly ast: Expr;
  readonly checked: Checked;
  readonly evaluate: (variables: Variables, options?: EvaluateOptions) => Evaluated;
  /** As `evaluate`, but a failure is an answer too: it has cost something. */
  readonly attempt: (variables: Variables, options?: EvaluateOptions) => Evaluated | FailedEvaluation;
}

export type Variables = Readonly<Record<string, Value>> | ((name: string) => Value | undefined);

export interface EvaluateOptions {
  readonly costMax?: number;
}

export interface Evaluated {
  readonly value: Value;
  /** What the evaluation cost, in the units of Kubernetes. */
  readonly cost: number;
}

export interface FailedEvaluation {
  readonly error: CelError;
  readonly cost: number;
}

export function createEnvironment(options: EnvironmentOptions = {}): Environment {
  const libraries = [STANDARD, ...(options.libraries ?? [])];
  const declarations = declare({
    variables: options.variables ?? {},
    structs: options.structs ?? {},
    libraries,
    container: options.container ?? "",
    homogeneous: options.homogeneous ?? false,
  });
  const macros = new Map<string, Macro>(libraries.flatMap((library) => [...(library.macros ?? [])]));
  const prepare = (text: string, isChecked: boolean): Program => {
    const ast = parse(text, macros);
    return createProgram(text, ast, declarations, isChecked);
  };
  return { compile: (text) => prepare(text, true), compileUnchecked: (text) => prepare(text, false) };
}

function createProgram(text: string, ast: Expr, declarations: Declarations, isChecked: boolean): Program {
  const checked = check(ast, declarations);
  if (isChecked) refuse(checked.problems, text);
  if (isChecked && declarations.homogeneous) refuse(literalProblems(ast), text);
  if (isChecked && declarations.homogeneous) refuseConstants(ast, checked);
  const evaluate = compileExpr(ast, checked);
  const attempt: Program["attempt"] = (variables, { costMax = CALL_COST_MAX } = {}) => {
    const meter = new CostMeter(costMax);
    const find =
      typeof variables === "function"
        ? variables
        : (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
    try {
      return { value: evaluate({ find, meter }), cost: meter.cost };
    } catch (error) {
      if (error instanceof CelError) return { error, cost: meter.cost };
      throw error;
    }
  };
  return {
    type: checked.type,
    ast,
    checked,
    attempt,
    evaluate: (variables, options) => {
      const result = attempt(variables, options);
      if ("error" in result) throw result.error;
      return result;
    },
  };
}

function refuse(problems: readonly Problem[], text: string): void {
  if (problems.length > 0) throw new CelError("type", problemText(problems, text));
}

/** What can't ever be right is said when it is compiled. */
function refuseConstants(ast: Expr, checked: Checked): void {
  const problem = patternProblem(ast);
  if (problem !== undefined) throw new CelError("program", problem);
  try {
    evaluateConstants(ast, checked);
  } catch (error) {
    throw error instanceof CelError ? new CelError("program", error.message, error) : error;
  }
}
