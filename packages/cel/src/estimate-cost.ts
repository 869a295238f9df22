import type { CallExpr, ComprehensionExpr, Expr, SelectExpr } from "./ast.ts";
import type { CelType } from "./cel-type.ts";
import { LIST_COST, MAP_COST, STRUCT_COST } from "./cost.ts";
import type { ArgumentNode, EntrySpan, Sizes } from "./call-site.ts";
import { estimateCall } from "./estimate-call.ts";
import { ACCUMULATOR } from "./macros.ts";
import type { Program } from "./environment.ts";
import { fixed, NOTHING, plus, times, UNKNOWN, unionOf } from "./span.ts";
import type { Span } from "./span.ts";

/** The largest that a variable, or what a path leads to from it, can be: `self`, then fields, `@items`, `@keys`, `@values`. */
export type SizeMax = (path: readonly string[]) => number | undefined;

/** What an expression costs at least and at most, before its variables have values. Costs are in the units of Kubernetes. */
export function estimateCost({ ast, checked }: Program, sizeMax: SizeMax): Span {
  return new Estimator(checked, sizeMax).cost(ast);
}

interface Local {
  readonly path: readonly string[];
  readonly size: Span | undefined;
  readonly entry: EntrySpan | undefined;
}

class Estimator implements Sizes {
  readonly checked: Program["checked"];
  private readonly sizeMax: SizeMax;
  private readonly paths = new Map<Expr, readonly string[]>();
  private readonly sizes = new Map<Expr, Span>();
  private readonly entries = new Map<Expr, EntrySpan>();
  private readonly locals = new Map<string, Local[]>();

  constructor(checked: Program["checked"], sizeMax: SizeMax) {
    this.checked = checked;
    this.sizeMax = sizeMax;
  }

  cost(expr: Expr): Span {
    switch (expr.kind) {
      case "literal":
        return NOTHING;
      case "ident":
        this.paths.set(expr, this.local(expr.name)?.path ?? [expr.name]);
        return fixed(1);
      case "select":
        return this.select(expr);
      case "call":
        return this.call(expr);
      case "list":
        return this.list(expr);
      case "map":
        return this.map(expr);
      case "struct":
        return expr.fields.reduce((sum, { value }) => plus(sum, this.cost(value)), fixed(STRUCT_COST));
      default:
        return isBinding(expr) ? this.binding(expr) : this.comprehension(expr);
    }
  }

  pathOf(expr: Expr): readonly string[] {
    if (expr.kind === "ident") {
      const local = this.local(expr.name);
      if (local) return local.path;
    }
    return this.paths.get(expr) ?? [];
  }

  nodeOf(expr: Expr): ArgumentNode {
    const path = this.pathOf(expr);
    const isAccumulated = path[0] === ACCUMULATOR;
    return {
      expr,
      type: this.checked.typeOf(expr),
      path: isAccumulated ? [] : path,
      size: this.sizeOf(expr),
    };
  }

  /** By the declarations, for what has no expression of its own. */
  sizeAt(path: readonly string[]): Span | undefined {
    const most = path.length === 0 ? undefined : this.sizeMax(path);
    return most === undefined ? undefined : { min: 0, max: most };
  }

  sizeOf(expr: Expr): Span | undefined {
    const known = this.sizes.get(expr) ?? writtenSize(expr);
    if (known) return known;
    const declared = this.sizeAt(this.pathOf(expr));
    if (declared) {
      this.sizes.set(expr, declared);
      return declared;
    }
    if (isScalar(this.checked.typeOf(expr))) return fixed(1);
    return expr.kind === "ident" ? this.local(expr.name)?.size : undefined;
  }

  sizeOrUnknown(expr: Expr): Span {
    return this.sizeOf(expr) ?? UNKNOWN;
  }

  entryOf(expr: Expr): EntrySpan | undefined {
    return this.entries.get(expr) ?? (expr.kind === "ident" ? this.local(expr.name)?.entry : undefined);
  }

  private local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  private push(name: string, local: Local): void {
    this.locals.set(name, [...(this.locals.get(name) ?? []), local]);
  }

  private pop(name: string): void {
    this.locals.get(name)?.pop();
  }

  private remember(expr: Expr, size: Span | undefined, entry: EntrySpan | undefined): void {
    if (size) this.sizes.set(expr, size);
    if (entry) this.entries.set(expr, entry);
  }

  private select(expr: SelectExpr): Span {
    const operand = this.cost(expr.operand);
    if (expr.testOnly) return operand;
    const { kind } = this.checked.typeOf(expr.operand);
    this.paths.set(expr, [...this.pathOf(expr.operand), expr.field]);
    return kind === "map" || kind === "struct" || kind === "param" ? plus(operand, fixed(1)) : operand;
  }

  private list(expr: Expr & { kind: "list" }): Span {
    let value: Span | undefined;
    let cost: Span = fixed(LIST_COST);
    for (const item of expr.items) {
      cost = plus(cost, this.cost(item.value));
      value = unionOf(value, this.sizeOrUnknown(item.value));
    }
    this.entries.set(expr, { key: fixed(1), value: value ?? NOTHING });
    return cost;
  }

  private map(expr: Expr & { kind: "map" }): Span {
    let key: Span | undefined;
    let value: Span | undefined;
    let cost: Span = fixed(MAP_COST);
    for (const entry of expr.entries) {
      cost = plus(plus(cost, this.cost(entry.key)), this.cost(entry.value));
      key = unionOf(key, this.sizeOrUnknown(entry.key));
      value = unionOf(value, this.sizeOrUnknown(entry.value));
    }
    this.entries.set(expr, { key: key ?? NOTHING, value: value ?? NOTHING });
    return cost;
  }

  private call(expr: CallExpr): Span {
    const [first] = expr.args;
    if (expr.name === "dyn" && expr.target === undefined && first !== undefined) {
      const cost = plus(fixed(1), this.cost(first));
      this.remember(expr, this.sizeOf(first), this.entryOf(first));
      return cost;
    }
    const reference = this.checked.references.get(expr);
    const isMember = reference?.kind === "function" ? reference.isMember : false;
    const costs = expr.args.map((arg) => this.cost(arg));
    const target = isMember ? expr.target : undefined;
    const targetCost = target === undefined ? NOTHING : this.cost(target);
    const name = reference?.kind === "function" ? reference.name : expr.name;
    const estimate = estimateCall(this, { expr, name, target, args: expr.args, costs });
    this.remember(expr, estimate.size, estimate.entry);
    if (name === "_[_]" && first !== undefined) {
      const isMap = this.checked.typeOf(first).kind === "map";
      this.paths.set(expr, [...this.pathOf(first), isMap ? "@values" : "@items"]);
      const size = this.entryOf(first)?.value ?? this.sizeOf(expr);
      if (size) this.sizes.set(expr, size);
    } else if (estimate.size === undefined) {
      const size = this.sizeOf(expr);
      if (size) this.sizes.set(expr, size);
    }
    return plus(targetCost, estimate.cost);
  }

  private binding(expr: ComprehensionExpr): Span {
    let cost = plus(this.cost(expr.range), this.cost(expr.initial));
    this.pushValue(expr.accumulator, expr.initial);
    cost = plus(cost, this.cost(expr.result));
    const size = this.sizeOf(expr.result);
    const entry = this.entryOf(expr.result);
    this.pop(expr.accumulator);
    this.remember(expr, size, entry);
    return cost;
  }

  private pushValue(name: string, value: Expr): void {
    this.push(name, { path: this.pathOf(value), size: this.sizeOf(value), entry: this.entryOf(value) });
  }

  private comprehension(expr: ComprehensionExpr): Span {
    let cost = plus(this.cost(expr.range), this.cost(expr.initial));
    this.pushValue(expr.accumulator, expr.initial);
    this.pushIteration(expr);
    const loop = plus(this.cost(expr.step), this.cost(expr.condition));
    this.pop(expr.variable);
    if (expr.variable2 !== undefined) this.pop(expr.variable2);
    cost = plus(cost, this.cost(expr.result));
    this.pop(expr.accumulator);
    const count = this.sizeOrUnknown(expr.range);
    cost = plus(cost, times(count, loop));
    if (expr.initial.kind === "literal") this.remember(expr, this.sizeOf(expr.initial), undefined);
    else if (expr.initial.kind === "list" || expr.initial.kind === "map")
      this.remember(expr, count, this.entryOf(expr.step));
    return cost;
  }

  private pushIteration({ range, variable, variable2 }: ComprehensionExpr): void {
    const entry = this.entryOf(range);
    const path = this.pathOf(range);
    const isList = this.checked.typeOf(range).kind === "list";
    const values = isList ? "@items" : "@values";
    if (variable2 === undefined) {
      const size = isList ? entry?.value : entry?.key;
      this.push(variable, { path: [...path, isList ? "@items" : "@keys"], size, entry: undefined });
      return;
    }
    this.push(variable, { path: [...path, isList ? "@indices" : "@keys"], size: entry?.key, entry: undefined });
    this.push(variable2, { path: [...path, values], size: entry?.value, entry: undefined });
  }
}

/** A fold over nothing, which only names a value. */
function isBinding({ range, condition, accumulator }: ComprehensionExpr): boolean {
  const isEmpty = range.kind === "list" && range.items.length === 0;
  return isEmpty && condition.kind === "literal" && condition.value === false && accumulator !== ACCUMULATOR;
}

function writtenSize(expr: Expr): Span | undefined {
  if (expr.kind === "list") return fixed(expr.items.length);
  if (expr.kind === "map") return fixed(expr.entries.length);
  if (expr.kind !== "literal") return undefined;
  const { value } = expr;
  if (typeof value === "string") return fixed([...value].length);
  return fixed(value instanceof Uint8Array ? value.length : 1);
}

const SCALARS = new Set<CelType["kind"]>(["bool", "double", "duration", "int", "timestamp", "uint"]);

function isScalar(type: CelType): boolean {
  if (type.kind === "opaque" && type.name === "optional_type" && type.params[0]) return isScalar(type.params[0]);
  return SCALARS.has(type.kind);
}
