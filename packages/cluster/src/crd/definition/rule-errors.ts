import { estimateCost } from "@fairway/cel";
import type { Program } from "@fairway/cel";
import { forbidden, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { JsonSchema } from "../json-schema.ts";
import { compileRules } from "../rules/compile-rules.ts";
import type { CompiledRule } from "../rules/compile-rules.ts";
import { declSize } from "../rules/decl-type.ts";
import type { DeclType } from "../rules/decl-type.ts";
import { findPath } from "../rules/field-path.ts";
import { RULE_ESTIMATE_MAX } from "../rules/limits.ts";
import { shownRule } from "./shown-schema.ts";
import type { RuleContext } from "./rule-context.ts";
import type { SchemaPlace } from "./validate-schema.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is wrong with rules before they are compiled. */
export function ruleFormErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, each] of (schema["x-kubernetes-validations"] ?? []).entries()) {
    const { rule, message = "", messageExpression = "", reason, fieldPath = "" } = each;
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (rule.trim() === "") errors.push(required(`${at}.rule`, "rule is not specified"));
    else if (message !== "" && message.trim() === "")
      errors.push(invalid(`${at}.message`, message, "must be non-empty if specified"));
    else if (hasLines(message.trim())) errors.push(invalid(`${at}.message`, message, "must not contain line breaks"));
    else if (hasLines(rule.trim()) && message.trim() === "")
      errors.push(required(`${at}.message`, "message must be specified if rule contains line breaks"));
    if (messageExpression !== "" && messageExpression.trim() === "")
      errors.push(required(`${at}.messageExpression`, "messageExpression must be non-empty if specified"));
    if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, REASONS));
    if (fieldPath !== "" && fieldPath.trim() === "")
      errors.push(invalid(`${at}.fieldPath`, fieldPath, "must be non-empty if specified"));
    if (hasLines(fieldPath)) errors.push(invalid(`${at}.fieldPath`, fieldPath, "must not contain line breaks"));
    if (fieldPath !== "" && "problem" in findPath(fieldPath, schema))
      errors.push(invalid(`${at}.fieldPath`, fieldPath, "must be a valid path"));
  }
  return errors;
}

function hasLines(text: string): boolean {
  return /[\n\r]/.test(text);
}

/** What is wrong with the compiled rules of a schema, and what they may cost. */
export function ruleErrors(schema: JsonSchema, place: SchemaPlace, context: RuleContext): FieldError[] {
  const field = `${place.path}.x-kubernetes-validations`;
  const { decl } = context;
  if (decl === undefined)
    return [
      {
        reason: "InternalError",
        field,
        message:
          "Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations",
      },
    ];
  return compileRules(schema, decl).flatMap((rule, index) =>
    compiledErrors(rule, `${field}[${index}]`, { place, context, decl }),
  );
}

interface RulePlace {
  readonly place: SchemaPlace;
  readonly context: RuleContext;
  readonly decl: DeclType;
}

function compiledErrors(compiled: CompiledRule, at: string, { place, context, decl }: RulePlace): FieldError[] {
  const { rule, program, problem, message, messageProblem, usesOldSelf } = compiled;
  const errors: FieldError[] = [];
  const observe = (path: string, cost: number, name: string): void => {
    if (!place.isUnchanged && cost > RULE_ESTIMATE_MAX)
      errors.push(forbidden(path, overBudget(name, cost, RULE_ESTIMATE_MAX)));
    context.total.add(path, cost);
  };
  if (program) observe(`${at}.rule`, context.costOf(costOnce(program, decl), decl), "estimated rule cost");
  if (problem !== undefined) errors.push(invalid(`${at}.rule`, shownRule(rule), problem));
  if (messageProblem !== undefined) errors.push(invalid(`${at}.messageExpression`, shownRule(rule), messageProblem));
  else if (message) observe(`${at}.messageExpression`, costOnce(message, decl), "estimated messageExpression cost");
  if (usesOldSelf && place.uncorrelatable !== undefined)
    errors.push(
      invalid(
        `${at}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`,
      ),
    );
  if (!usesOldSelf && rule.optionalOldSelf !== undefined)
    errors.push(
      invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, "may not be set if oldSelf is not used in rule"),
    );
  return errors;
}

function costOnce(program: Program, decl: DeclType): number {
  return estimateCost(program, (path) => declSize(decl, path)).max;
}

export function overBudget(name: string, cost: number, costMax: number): string {
  const factor = cost / costMax;
  const times = factor > 100 ? "more than 100x" : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${name} exceeds budget by factor of ${times} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
