import { NONE, Optional } from "@fairway/cel";
import type { Program, Value } from "@fairway/cel";
import { duplicate, forbidden, invalid, required } from "../../kinds/validation/errors.ts";
import { goQuote } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import { isObject, place, withTypeAndMetadata } from "../json-schema.ts";
import type { Correlation } from "../values/correlation.ts";
import { sameItem } from "../values/correlation.ts";
import { celValue } from "./cel-value.ts";
import { OLD_SELF, SELF } from "./compile-rules.ts";
import type { CompiledRule } from "./compile-rules.ts";
import { CALL_COST_MAX, MESSAGE_BYTES_MAX, OBJECT_COST_MAX } from "./limits.ts";
import type { RuleTree } from "./rule-tree.ts";

export interface RuleCheck {
  readonly value: unknown;
  /** Undefined when there was none. */
  readonly before: unknown;
  readonly path: string;
  readonly correlation?: Correlation | undefined;
}

export interface RuleOutcome {
  readonly errors: readonly FieldError[];
  /** Of parts that didn't change: what was so may stay so. */
  readonly warnings: readonly string[];
}

/** Evaluates the rules of a schema on a value, under a budget for all of them. */
export function runRules(tree: RuleTree, check: RuleCheck): RuleOutcome {
  const run = new Run();
  run.visit(tree, { value: check.value, before: check.before ?? undefined }, check.path, {
    current: check.correlation,
  });
  return { errors: run.errors, warnings: run.warnings };
}

interface Pair {
  readonly value: unknown;
  readonly before: unknown;
}

/** Which part it was before, or the nearest part around it of which that can be said. */
interface Ratchet {
  readonly current?: Correlation | undefined;
  readonly nearest?: Correlation | undefined;
}

const OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run";

class Run {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  private budget = OBJECT_COST_MAX;

  visit(tree: RuleTree, pair: Pair, path: string, ratchet: Ratchet): void {
    if (pair.value === null || pair.value === undefined || this.budget < 0) return;
    if (tree.rules.length > 0) this.evaluateAll(tree, pair, path, ratchet);
    for (const part of tree.allOf) this.visit(part, pair, path, { nearest: ratchet.nearest });
    if (Array.isArray(pair.value)) this.visitItems(tree, pair.value, pair.before, { path, ratchet });
    else if (isObject(pair.value)) this.visitFields(tree, pair.value, pair.before, { path, ratchet });
  }

  private visitItems(
    { items, schema }: RuleTree,
    list: readonly unknown[],
    before: unknown,
    { path, ratchet }: { readonly path: string; readonly ratchet: Ratchet },
  ): void {
    if (!items) return;
    const { current } = ratchet;
    for (const [index, value] of list.entries()) {
      const old = Array.isArray(before) ? sameItem(schema, before, value) : undefined;
      const inner = current ? { current: current.item(index), nearest: current } : ratchet;
      this.visit(items, { value, before: old }, place.item(path, index), inner);
    }
  }

  private visitFields(
    { values, properties }: RuleTree,
    object: Readonly<Record<string, unknown>>,
    before: unknown,
    { path, ratchet }: { readonly path: string; readonly ratchet: Ratchet },
  ): void {
    for (const [key, value] of Object.entries(object)) {
      const pair = { value, before: isObject(before) && Object.hasOwn(before, key) ? before[key] : undefined };
      const inner = ratchetInto(ratchet, key);
      if (values) this.visit(values, pair, place.key(path, key), inner);
      const property = properties.get(key);
      if (property) this.visit(property, pair, place.child(path, key), inner);
    }
  }

  private evaluateAll(tree: RuleTree, pair: Pair, path: string, ratchet: Ratchet): void {
    const type = tree.schema.type ?? "";
    const where = path === "" ? "<nil>" : path;
    if (this.budget <= 0) {
      this.stop(invalid(where, type, OUT_OF_BUDGET));
      return;
    }
    const variables = variablesOf(tree, pair);
    for (const rule of tree.rules) {
      if (this.budget < 0) return;
      if (rule.problem !== undefined) this.errors.push(invalid(where, type, `rule compile error: ${rule.problem}`));
      else if (rule.program !== undefined) this.evaluate(rule, rule.program, { tree, pair, path, ratchet, variables });
    }
  }

  private stop(error: FieldError): void {
    this.errors.push(error);
    this.budget = -1;
  }

  private evaluate(rule: CompiledRule, program: Program, context: Context): void {
    const { pair, path, tree } = context;
    const isOptional = rule.rule.optionalOldSelf === true;
    if (rule.usesOldSelf && (pair.before ?? undefined) === undefined && !isOptional) return;
    const where = path === "" ? "<nil>" : path;
    const type = tree.schema.type ?? "";
    const result = program.attempt(context.variables(isOptional), { costMax: CALL_COST_MAX });
    if (result.cost > this.budget) {
      this.stop(invalid(where, type, OUT_OF_BUDGET));
      return;
    }
    this.budget -= result.cost;
    if (!("error" in result)) {
      if (result.value !== true) this.refuse(rule, context);
      return;
    }
    const { error } = result;
    const named = ruleText(rule);
    if (error.code === "cost")
      this.stop(
        invalid(
          where,
          type,
          `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${named}`,
        ),
      );
    else if (error.message.startsWith("no such overload"))
      this.errors.push(
        invalid(
          where,
          type,
          `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`,
        ),
      );
    else this.errors.push(invalid(where, type, `${error.message} evaluating rule: ${named}`));
  }

  private refuse(rule: CompiledRule, context: Context): void {
    const { path, pair, tree, ratchet } = context;
    const at = rule.fieldPath ? place.child(path, rule.fieldPath) : path;
    const where = at === "" ? "<nil>" : at;
    const type = tree.schema.type ?? "";
    const detail = this.messageOf(rule, context);
    const error =
      typeof detail === "string"
        ? errorFor(
            rule.rule.reason,
            where,
            detail,
            type === "object" || type === "array" ? undefined : { value: pair.value },
          )
        : invalid(where, type, detail.problem);
    const isRatcheted = (ratchet.current ?? ratchet.nearest)?.isUnchanged === true;
    if (!rule.usesOldSelf && isRatcheted) this.warnings.push(`${error.field}: ${error.message}`);
    else this.errors.push(error);
    if (typeof detail !== "string") this.budget = -1;
  }

  private messageOf(rule: CompiledRule, context: Context): string | { readonly problem: string } {
    const usual = rule.rule.message ? rule.rule.message.trim() : `failed rule: ${ruleText(rule)}`;
    if (rule.message === undefined) return usual;
    const source = goQuote(rule.rule.messageExpression ?? "");
    const result = rule.message.attempt(context.variables(false), { costMax: CALL_COST_MAX });
    if (result.cost > this.budget)
      return {
        problem:
          "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run",
      };
    if ("error" in result && result.error.code === "cost")
      return {
        problem: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${source}`,
      };
    this.budget -= result.cost;
    if ("error" in result || typeof result.value !== "string") return usual;
    const text = result.value.trim();
    const isUsable = text !== "" && !text.includes("\n") && Buffer.byteLength(text) <= MESSAGE_BYTES_MAX;
    return isUsable ? text : usual;
  }
}

interface Context {
  readonly tree: RuleTree;
  readonly pair: Pair;
  readonly path: string;
  readonly ratchet: Ratchet;
  readonly variables: (isOptional: boolean) => (name: string) => Value | undefined;
}

function ratchetInto(ratchet: Ratchet, key: string): Ratchet {
  const { current, nearest } = ratchet;
  if (current === undefined) return ratchet;
  // Both are seen in the same version, so that what they were is not known.
  if (nearest === undefined && (key === "apiVersion" || key === "kind")) return {};
  return { current: current.key(key), nearest: current };
}

function variablesOf({ schema, isRoot, typeName }: RuleTree, { value, before }: Pair): Context["variables"] {
  const whole = isRoot ? withTypeAndMetadata(schema) : schema;
  let self: Value | undefined;
  let old: Value | undefined;
  const hasOld = before !== undefined && before !== null;
  return (isOptional) => (name) => {
    if (name === SELF) return (self ??= celValue(value, whole, typeName));
    if (name !== OLD_SELF) return undefined;
    if (!hasOld) return isOptional ? NONE : undefined;
    old ??= celValue(before, whole, typeName);
    return isOptional ? new Optional(old) : old;
  };
}

function ruleText({ rule }: CompiledRule): string {
  return (rule.message || rule.rule).trim();
}

/** Objects and lists are not shown. */
function errorFor(
  reason: string | undefined,
  field: string,
  detail: string,
  shown: { readonly value: unknown } | undefined,
): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return required(field, detail);
    case "FieldValueDuplicate":
      return shown ? duplicate(field, shown.value) : { reason, field, message: "Duplicate value" };
    default:
      return shown
        ? invalid(field, shown.value, detail)
        : { reason: "FieldValueInvalid", field, message: `Invalid value: ${detail}` };
  }
}
