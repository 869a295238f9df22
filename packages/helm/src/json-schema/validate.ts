import type { Check, Scope } from "./check.ts";
import { CheckRun } from "./check.ts";
import { checkArray } from "./check-array.ts";
import { checkNumber, checkString } from "./check-scalar.ts";
import { checkObject } from "./check-object.ts";
import type { Failure } from "./failure.ts";
import { isNumber } from "./json-number.ts";
import { displayed, isInteger, jsonEquals, jsonTypeOf } from "./json-value.ts";
import type { Schema } from "./schema.ts";
import { isTable } from "../values/table.ts";

/** Checks a value against a schema; undefined when it fits. */
export function validate(schema: Schema, value: unknown): Failure | undefined {
  const run = new CheckRun(apply);
  const scope: Scope = { schema, value: 0, depth: 0, parent: undefined };
  return run.apply(run.start({ value, path: [], scope, needsUnevaluated: false }));
}

function apply(check: Check): Failure | undefined {
  const { schema, value } = check;
  if (schema.bool !== undefined) return schema.bool ? undefined : leaf(check, "false schema");
  if (isCycle(check.scope)) return leaf(check, `${schema.location} refers to itself without end`);
  const basic = checkBasics(check);
  if (basic !== undefined) return basic;
  if (schema.ref !== undefined) {
    const failure = checkReference(check, schema.ref);
    if (schema.draft < 2019) return failure;
    check.add(failure);
  }
  if (isTable(value)) checkObject(check, value);
  else if (Array.isArray(value)) checkArray(check, value);
  else if (typeof value === "string") checkString(check, value);
  else if (isNumber(value)) checkNumber(check, value);
  checkDynamicReferences(check);
  checkCombinations(check);
  checkUnevaluated(check);
  const [first] = check.failures;
  if (check.failures.length < 2) return first;
  return { kind: "group", path: check.path, text: "validation failed", causes: check.failures };
}

function leaf(check: Check, text: string): Failure {
  return { kind: "leaf", path: check.path, text, causes: [] };
}

/** The same schema applied twice to the same value would go on forever. */
function isCycle(scope: Scope): boolean {
  for (let outer = scope.parent; outer !== undefined && outer.value === scope.value; outer = outer.parent) {
    if (outer.schema === scope.schema) return true;
  }
  return false;
}

/** Type, const, enum, format: after a failure of one of them nothing else is looked at. */
function checkBasics(check: Check): Failure | undefined {
  const { schema, value } = check;
  const type = jsonTypeOf(value);
  if (type === undefined) return leaf(check, "invalid jsonType");
  if (schema.types !== undefined && !schema.types.has(type)) {
    const whole = type === "number" && schema.types.has("integer") && isInteger(value);
    if (!whole) return leaf(check, `got ${type}, want ${[...schema.types].join(" or ")}`);
  }
  if (schema.constant !== undefined && !jsonEquals(value, schema.constant.value)) {
    const wanted = schema.constant.value;
    return leaf(check, isContainer(wanted) ? "'const' failed" : `value must be ${displayed(wanted)}`);
  }
  if (schema.oneOfValues !== undefined && !schema.oneOfValues.some((wanted) => jsonEquals(value, wanted))) {
    return leaf(check, enumText(schema.oneOfValues));
  }
  const problem = schema.format?.check(value);
  if (problem === undefined) return undefined;
  return leaf(check, `${displayed(value)} is not valid ${schema.format?.name}: ${problem}`);
}

function enumText(wanted: readonly unknown[]): string {
  if (wanted.some(isContainer)) return "'enum' failed";
  if (wanted.length === 1) return `value must be ${displayed(wanted[0])}`;
  return `value must be one of ${wanted.map(displayed).join(", ")}`;
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) || isTable(value);
}

function checkReference(check: Check, target: Schema): Failure | undefined {
  const failure = check.self(target);
  if (failure === undefined) return undefined;
  const causes = failure.kind === "group" ? failure.causes : [failure];
  return { kind: "reference", path: check.path, text: "validation failed", causes };
}

function checkDynamicReferences(check: Check): void {
  const { schema } = check;
  const recursive = schema.recursiveRef;
  if (recursive !== undefined) {
    const outermost = recursive.recursiveAnchor === true ? outermostRecursive(check.scope, recursive) : recursive;
    check.add(checkReference(check, outermost));
  }
  const dynamic = schema.dynamicRef;
  if (dynamic !== undefined) {
    const { target, anchor } = dynamic;
    const bound = anchor !== "" && target.dynamicAnchor === anchor;
    check.add(checkReference(check, bound ? outermostDynamic(check.scope, anchor, target) : target));
  }
}

function outermostRecursive(scope: Scope, fallback: Schema): Schema {
  let found = fallback;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.schema.resource?.recursiveAnchor === true) found = at.schema;
  }
  return found;
}

function outermostDynamic(scope: Scope, anchor: string, fallback: Schema): Schema {
  let found = fallback;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    found = at.schema.resource?.dynamicAnchors?.get(anchor) ?? found;
  }
  return found;
}

function checkCombinations(check: Check): void {
  const { schema } = check;
  if (schema.not !== undefined && check.self(schema.not) === undefined) check.fail("'not' failed");
  if (schema.allOf !== undefined) {
    const failures = schema.allOf.map((part) => check.self(part)).filter((failure) => failure !== undefined);
    if (failures.length > 0) check.fail("'allOf' failed", failures);
  }
  if (schema.anyOf !== undefined) checkAnyOf(check, schema.anyOf);
  if (schema.oneOf !== undefined) checkOneOf(check, schema.oneOf);
  if (schema.if === undefined) return;
  const branch = check.self(schema.if) === undefined ? schema.then : schema.else;
  if (branch !== undefined) check.add(check.self(branch));
}

function checkAnyOf(check: Check, choices: readonly Schema[]): void {
  const failures: Failure[] = [];
  let matched = false;
  for (const choice of choices) {
    const failure = check.self(choice);
    if (failure !== undefined) {
      failures.push(failure);
      continue;
    }
    matched = true;
    // All choices must be seen while something waits to be evaluated.
    if (check.unevaluated.empty) break;
  }
  if (!matched && choices.length > 0) check.fail("'anyOf' failed", failures);
}

function checkOneOf(check: Check, choices: readonly Schema[]): void {
  const failures: Failure[] = [];
  let matched: number | undefined;
  for (const [at, choice] of choices.entries()) {
    const failure = check.self(choice);
    if (failure !== undefined) {
      failures.push(failure);
    } else if (matched === undefined) {
      matched = at;
    } else {
      check.fail(`'oneOf' failed, subschemas ${matched}, ${at} matched`);
      return;
    }
  }
  if (matched === undefined && choices.length > 0) check.fail("'oneOf' failed, none matched", failures);
}

function checkUnevaluated(check: Check): void {
  const { schema, value, unevaluated } = check;
  if (schema.unevaluatedProperties !== undefined && isTable(value)) {
    for (const key of [...unevaluated.properties].sort()) {
      check.add(check.inner(schema.unevaluatedProperties, value[key], key));
    }
    unevaluated.properties.clear();
  }
  if (schema.unevaluatedItems !== undefined && Array.isArray(value)) {
    for (const at of unevaluated.items) check.add(check.inner(schema.unevaluatedItems, value[at], String(at)));
    unevaluated.items.clear();
  }
}
