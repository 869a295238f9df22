import { isAttribute, visit } from "./ast.ts";
import type { CallExpr, ComprehensionExpr, Expr, ListExpr, MapExpr, SelectExpr, StructExpr } from "./ast.ts";
import { CelError, fails, noSuchKey, noSuchOverload } from "./cel-error.ts";
import type { Checked, Reference } from "./checker.ts";
import { grown, isGrowth, startGrowing, stopGrowing } from "./growing.ts";
import { callCost, CostMeter, LIST_COST, MAP_COST, STRUCT_COST } from "./cost.ts";
import { fits } from "./fits.ts";
import type { Overload } from "./signature.ts";
import { CelMap, CelObject, isList, NONE, Optional, TypeValue } from "./value.ts";
import type { Value } from "./value.ts";

/** A compiled expression: a function of the variables. */
export type Evaluate = (frame: Frame) => Value;

/** What names stand for, innermost first. */
export interface Frame {
  readonly find: (name: string) => Value | undefined;
  readonly meter: CostMeter;
}

/** Turns a checked expression into functions, once; evaluating then looks nothing up but variables. */
export function compileExpr(expr: Expr, checked: Checked): Evaluate {
  return isConstant(expr) && expr.kind !== "literal"
    ? evaluateOnce(compilePart(expr, checked))
    : compilePart(expr, checked);
}

const CONVERSIONS = new Set([
  "bool",
  "bytes",
  "double",
  "duration",
  "dyn",
  "int",
  "string",
  "timestamp",
  "type",
  "uint",
]);

/** What is the same every time costs nothing: written lists and maps, and conversions of what is written. */
function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
      return true;
    case "list":
      return expr.items.every(({ value, optional }) => !optional && isConstant(value));
    case "map":
      return expr.entries.every(({ key, value, optional }) => !optional && isConstant(key) && isConstant(value));
    case "call": {
      const isConversion = expr.target === undefined && expr.args.length === 1 && CONVERSIONS.has(expr.name);
      return isConversion && expr.args.every((arg) => isConstant(arg));
    }
    default:
      return false;
  }
}

/** Evaluates what is constant, to find out whether it fails. */
export function evaluateConstants(expr: Expr, checked: Checked): void {
  visit(expr, (part) => {
    if (part.kind === "call" && isConstant(part)) evaluateOnce(compilePart(part, checked))(NOWHERE);
  });
}

const NOWHERE: Frame = { find: () => undefined, meter: new CostMeter(Number.POSITIVE_INFINITY) };

function evaluateOnce(evaluate: Evaluate): Evaluate {
  let known: Value | undefined;
  return () => {
    if (known === undefined) known = evaluate(NOWHERE);
    return known;
  };
}

function compilePart(expr: Expr, checked: Checked): Evaluate {
  switch (expr.kind) {
    case "literal": {
      const { value } = expr;
      return () => value;
    }
    case "ident":
      return compileName(expr.name, checked.references.get(expr));
    case "select":
      return compileSelect(expr, checked);
    case "call":
      return compileCall(expr, checked);
    case "list":
      return compileList(expr, checked);
    case "map":
      return compileMap(expr, checked);
    case "struct":
      return compileStruct(expr, checked);
    default:
      return compileComprehension(expr, checked);
  }
}

function compileName(name: string, reference: Reference | undefined): Evaluate {
  if (reference?.kind === "type") {
    const value = new TypeValue(reference.type);
    return () => value;
  }
  const variable = reference?.kind === "variable" ? reference.name : name;
  return ({ find, meter }) => {
    meter.add(1);
    const value = find(variable);
    if (value === undefined) throw fails(`no such attribute(s): ${variable}`);
    return value;
  };
}

function compileSelect(expr: SelectExpr, checked: Checked): Evaluate {
  const reference = checked.references.get(expr);
  if (reference !== undefined) return compileName(expr.field, reference);
  const operand = compileExpr(expr.operand, checked);
  const { field, testOnly, optional } = expr;
  const cost = isAttribute(expr.operand) ? 1 : 2;
  if (testOnly) return (frame) => hasField(operand(frame), field);
  if (optional) {
    return (frame) => {
      const found = optionalField(operand(frame), field);
      if (found.value !== undefined) frame.meter.add(1);
      return found;
    };
  }
  return (frame) => {
    const target = operand(frame);
    frame.meter.add(cost);
    if (target instanceof Optional) return optionalField(target, field);
    const value = fieldOf(target, field);
    if (value === undefined) throw noSuchKey(field);
    return value;
  };
}

function optionalField(target: Value, field: string): Optional {
  const inner = target instanceof Optional ? target.value : target;
  if (inner === undefined) return NONE;
  const value = fieldOf(inner, field);
  return value === undefined ? NONE : new Optional(value);
}

function hasField(target: Value, field: string): boolean {
  if (target instanceof Optional) return target.value !== undefined && hasField(target.value, field);
  return fieldOf(target, field) !== undefined;
}

function fieldOf(target: Value, field: string): Value | undefined {
  if (target instanceof CelMap) return target.get(field);
  if (target instanceof CelObject) return target.field(field);
  // Selecting from what has no fields fails as if the field were missing.
  if (target !== null && typeof target !== "object") throw noSuchKey(field);
  throw noSuchOverload();
}

function compileCall(expr: CallExpr, checked: Checked): Evaluate {
  const reference = checked.references.get(expr);
  const isMember = reference?.kind === "function" ? reference.isMember : expr.target !== undefined;
  const name = reference?.kind === "function" ? reference.name : expr.name;
  const args = (isMember && expr.target !== undefined ? [expr.target, ...expr.args] : expr.args).map((arg) =>
    compileExpr(arg, checked),
  );
  const [first = missing, second = missing, third = missing] = args;
  switch (name) {
    case "_&&_":
      return logical(first, second, false);
    case "_||_":
      return logical(first, second, true);
    case "_?_:_":
      return conditional(first, branch(expr.args[1], second), branch(expr.args[2], third));
    case "@not_strictly_false":
      return (frame) => {
        const isHopeful = attempt(() => first(frame)) !== false;
        frame.meter.add(1);
        return isHopeful;
      };
    case "or":
    case "orValue":
      if (isMember && args.length === 2) return alternative(name, first, second);
      break;
    default:
  }
  const overloads =
    reference?.kind === "function" ? reference.overloads.filter((overload) => overload.isMember === isMember) : [];
  return strictCall(
    name,
    overloads.filter((overload) => overload.args.length === args.length),
    args,
    { cost: name === "_[_]" ? indexCost(expr) : undefined, grows: isGrowth(expr) },
  );
}

/** Looking something up costs by what is looked at and what is looked for. */
function indexCost({ args: [operand, index] }: CallExpr): number {
  const base = operand !== undefined && isAttribute(operand) ? 0 : 1;
  if (index === undefined || isConstant(index)) return base + 1;
  return base + (isAttribute(index) ? 0 : 1);
}

/** A name that is only chosen is not counted again. */
function branch(expr: Expr | undefined, evaluate: Evaluate): Evaluate {
  if (expr === undefined || !isAttribute(expr) || isConditional(expr)) return evaluate;
  return (frame) => {
    frame.meter.add(-1);
    return evaluate(frame);
  };
}

function isConditional(expr: Expr): boolean {
  return expr.kind === "call" && expr.name === "_?_:_";
}

function conditional(first: Evaluate, second: Evaluate, third: Evaluate): Evaluate {
  return (frame) => {
    const condition = first(frame);
    if (typeof condition !== "boolean") throw noSuchOverload();
    return condition ? second(frame) : third(frame);
  };
}

function missing(): Value {
  throw noSuchOverload();
}

function strictCall(
  name: string,
  overloads: readonly Overload[],
  args: readonly Evaluate[],
  { cost, grows }: { readonly cost: number | undefined; readonly grows: boolean },
): Evaluate {
  return (frame) => {
    const values = args.map((arg) => arg(frame));
    const made = grows ? grown(values) : undefined;
    if (made !== undefined) {
      frame.meter.add(1);
      return made;
    }
    const overload = overloads.find((candidate) =>
      candidate.args.every((type, index) => fits(type, values[index] ?? null)),
    );
    if (overload === undefined) throw noSuchOverload();
    const result = overload.call(...values);
    frame.meter.add(cost ?? callCost(name, values, result));
    return result;
  };
}

/** The second optional is only looked at when the first one is empty. */
function alternative(name: string, first: Evaluate, second: Evaluate): Evaluate {
  return (frame) => {
    const target = first(frame);
    if (!(target instanceof Optional)) throw noSuchOverload();
    if (target.value === undefined) return second(frame);
    return name === "or" ? target : target.value;
  };
}

type Attempt = Value | CelError;

function attempt(evaluate: () => Value): Attempt {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof CelError && error.code !== "cost") return error;
    throw error;
  }
}

/** One side that decides is enough, even when the other one fails. */
function logical(first: Evaluate, second: Evaluate, deciding: boolean): Evaluate {
  return (frame) => {
    const left = attempt(() => first(frame));
    if (left === deciding) return deciding;
    const right = attempt(() => second(frame));
    if (right === deciding) return deciding;
    if (left instanceof CelError) throw left;
    if (right instanceof CelError) throw right;
    if (typeof left !== "boolean" || typeof right !== "boolean") throw noSuchOverload();
    return !deciding;
  };
}

function compileList(expr: ListExpr, checked: Checked): Evaluate {
  const items = expr.items.map(({ value, optional }) => ({ value: compileExpr(value, checked), optional }));
  return (frame) => {
    const list: Value[] = [];
    for (const { value, optional } of items) {
      const item = optional ? unwrap(value(frame)) : value(frame);
      if (item !== undefined) list.push(item);
    }
    frame.meter.add(LIST_COST);
    return list;
  };
}

function unwrap(value: Value): Value | undefined {
  if (!(value instanceof Optional)) throw fails("cannot initialize optional value from non-optional value");
  return value.value;
}

function compileMap(expr: MapExpr, checked: Checked): Evaluate {
  const entries = expr.entries.map(({ key, value, optional }) => ({
    key: compileExpr(key, checked),
    value: compileExpr(value, checked),
    optional,
  }));
  return (frame) => {
    const made: [Value, Value][] = [];
    for (const { key, value, optional } of entries) {
      const name = key(frame);
      const item = optional ? unwrap(value(frame)) : value(frame);
      if (item !== undefined) made.push([name, item]);
    }
    const map = new CelMap(made);
    if (map.size !== made.length) throw fails("Failed with repeated key");
    frame.meter.add(MAP_COST);
    return map;
  };
}

function compileStruct(expr: StructExpr, checked: Checked): Evaluate {
  const reference = checked.references.get(expr);
  const typeName = reference?.kind === "type" ? reference.type.name : expr.typeName;
  const fields = expr.fields.map(({ name, value, optional }) => ({
    name,
    value: compileExpr(value, checked),
    optional,
  }));
  return (frame) => {
    const values = new Map<string, Value>();
    for (const { name, value, optional } of fields) {
      const made = optional ? unwrap(value(frame)) : value(frame);
      if (made !== undefined) values.set(name, made);
    }
    frame.meter.add(STRUCT_COST);
    return new CelObject(typeName, [...values.keys()], (name) => values.get(name));
  };
}

function compileComprehension(expr: ComprehensionExpr, checked: Checked): Evaluate {
  const range = compileExpr(expr.range, checked);
  const initial = compileExpr(expr.initial, checked);
  const condition = compileExpr(expr.condition, checked);
  const step = compileExpr(expr.step, checked);
  const result = compileExpr(expr.result, checked);
  const { variable, variable2, accumulator } = expr;
  const isPlain = expr.condition.kind === "literal" && expr.condition.value === true;
  return (frame) => {
    const { meter } = frame;
    const items = range(frame);
    const made = startGrowing(expr.initial, accumulator);
    let accumulated: Attempt = made ?? attempt(() => initial(frame));
    let current: readonly [Value, Value] = [null, null];
    const find = (name: string): Value | undefined => {
      if (name === accumulator) return valueOf(accumulated);
      if (name === variable) return current[0];
      return name === variable2 ? current[1] : frame.find(name);
    };
    const inner: Frame = { find, meter };
    for (const pair of pairs(items, variable2 !== undefined)) {
      current = pair;
      if (!isPlain && condition(inner) !== true) break;
      accumulated = attempt(() => step(inner));
      if (isPlain) valueOf(accumulated);
    }
    if (made !== undefined) stopGrowing(made);
    const outside: Frame = { find: (name) => (name === accumulator ? valueOf(accumulated) : frame.find(name)), meter };
    return result(outside);
  };
}

function valueOf(result: Attempt): Value {
  if (result instanceof CelError) throw result;
  return result;
}

function* pairs(range: Value, isTwo: boolean): Generator<readonly [Value, Value]> {
  if (isList(range)) {
    for (const [index, item] of range.entries()) yield isTwo ? [BigInt(index), item] : [item, null];
  } else if (range instanceof CelMap) yield* range.entries();
  else throw noSuchOverload();
}
