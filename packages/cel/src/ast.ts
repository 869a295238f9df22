import type { Literal } from "./value.ts";

/** An expression. `offset` is where messages about it point to, in characters. */
export type Expr =
  | LiteralExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr;

interface Located {
  readonly offset: number;
}

export interface LiteralExpr extends Located {
  readonly kind: "literal";
  readonly value: Literal;
}

export interface IdentExpr extends Located {
  readonly kind: "ident";
  readonly name: string;
}

export interface SelectExpr extends Located {
  readonly kind: "select";
  readonly operand: Expr;
  readonly field: string;
  /** From `has(...)`: asks whether it is there. */
  readonly testOnly: boolean;
  /** From `a.?b`: the result is an optional. */
  readonly optional: boolean;
}

export interface CallExpr extends Located {
  readonly kind: "call";
  readonly target: Expr | undefined;
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface ListExpr extends Located {
  readonly kind: "list";
  readonly items: readonly { readonly value: Expr; readonly optional: boolean }[];
}

export interface MapExpr extends Located {
  readonly kind: "map";
  readonly entries: readonly {
    readonly key: Expr;
    readonly value: Expr;
    readonly optional: boolean;
    readonly offset: number;
  }[];
}

export interface StructExpr extends Located {
  readonly kind: "struct";
  readonly typeName: string;
  readonly fields: readonly {
    readonly name: string;
    readonly value: Expr;
    readonly optional: boolean;
    readonly offset: number;
  }[];
}

/** What all macros over lists and maps become: a fold. */
export interface ComprehensionExpr extends Located {
  readonly kind: "comprehension";
  readonly range: Expr;
  readonly variable: string;
  /** Then `variable` is the index or key, and this the value. */
  readonly variable2: string | undefined;
  readonly accumulator: string;
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** `a.b.c` as one name, if it is one. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === "ident") return expr.name;
  if (expr.kind !== "select" || expr.testOnly || expr.optional) return undefined;
  const parent = qualifiedName(expr.operand);
  return parent === undefined ? undefined : `${parent}.${expr.field}`;
}

/** What a value is reached by: a name, or fields and items of something. */
export function isAttribute(expr: Expr): boolean {
  if (expr.kind === "ident") return true;
  if (expr.kind === "select") return !expr.testOnly;
  return expr.kind === "call" && (expr.name === "_[_]" || expr.name === "_[?_]" || expr.name === "_?_:_");
}

/** The expression and all parts of it. */
export function visit(expr: Expr, act: (part: Expr) => void): void {
  act(expr);
  for (const child of childrenOf(expr)) visit(child, act);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "select":
      return [expr.operand];
    case "call":
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case "list":
      return expr.items.map(({ value }) => value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.initial, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
