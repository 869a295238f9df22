import { CelError, createEnvironment, KUBERNETES_LIBRARIES, optionalOf } from "@fairway/cel";
import type { Environment, Program } from "@fairway/cel";
import type { JsonSchema, ValidationRule } from "../json-schema.ts";
import { structsOf } from "./decl-type.ts";
import type { DeclType } from "./decl-type.ts";
import { findPath } from "./field-path.ts";

export const SELF = "self";
export const OLD_SELF = "oldSelf";

/** A rule of a schema, compiled as far as it can be. A rule without text has neither program nor problem. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program?: Program;
  readonly problem?: string;
  readonly usesOldSelf: boolean;
  readonly message?: Program;
  readonly messageProblem?: string;
  /** Below the place of the rule. */
  readonly fieldPath?: string;
}

/** The rules of this very schema, without those of what is inside. */
export function compileRules(schema: JsonSchema, decl: DeclType): readonly CompiledRule[] {
  const environments = new Map<boolean, Environment>();
  const environment = (isOptional: boolean): Environment => {
    const known = environments.get(isOptional);
    if (known) return known;
    const made = createEnvironment({
      homogeneous: true,
      libraries: KUBERNETES_LIBRARIES,
      structs: structsOf(decl),
      variables: { [SELF]: decl.type, [OLD_SELF]: isOptional ? optionalOf(decl.type) : decl.type },
    });
    environments.set(isOptional, made);
    return made;
  };
  return (schema["x-kubernetes-validations"] ?? []).map((rule) => compileRule(rule, schema, environment));
}

function compileRule(
  rule: ValidationRule,
  schema: JsonSchema,
  environment: (isOptional: boolean) => Environment,
): CompiledRule {
  if (rule.rule.trim() === "") return { rule, usesOldSelf: false };
  const own = environment(rule.optionalOldSelf === true);
  const compiled = compile(own, rule.rule, ["compilation failed: ", "program instantiation failed: "]);
  if ("problem" in compiled) return { rule, usesOldSelf: false, problem: compiled.problem };
  const { program } = compiled;
  if (program.type.kind !== "bool")
    return { rule, usesOldSelf: false, problem: "cel expression must evaluate to a bool" };
  const usesOldSelf = [...program.checked.references.values()].some(
    (reference) => reference.kind === "variable" && reference.name === OLD_SELF,
  );
  const found = rule.fieldPath ? findPath(rule.fieldPath, schema) : undefined;
  return {
    rule,
    program,
    usesOldSelf,
    ...compileMessage(own, rule.messageExpression ?? ""),
    ...(found && "path" in found && { fieldPath: found.path }),
  };
}

function compileMessage(environment: Environment, text: string): Pick<CompiledRule, "message" | "messageProblem"> {
  if (text === "") return {};
  const starts = ["messageExpression compilation failed: ", "messageExpression instantiation failed: "] as const;
  const compiled = compile(environment, text, starts);
  if ("problem" in compiled) return { messageProblem: compiled.problem };
  if (compiled.program.type.kind !== "string") return { messageProblem: "messageExpression must evaluate to a string" };
  return { message: compiled.program };
}

type Compiled = { readonly program: Program } | { readonly problem: string };

function compile(
  environment: Environment,
  text: string,
  [refused, failed]: readonly [string, string] | readonly string[],
): Compiled {
  try {
    return { program: environment.compile(text) };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { problem: `${error.code === "program" ? failed : refused}${error.message}` };
  }
}
