import type { CallExpr, Expr } from "./ast.ts";
import type { CelType } from "./cel-type.ts";
import type { Checked } from "./checker.ts";
import { UNKNOWN } from "./span.ts";
import type { Span } from "./span.ts";

/** Of the entries of a list or map. */
export interface EntrySpan {
  readonly key: Span;
  readonly value: Span;
}

/** What the estimate of a call needs to know of its arguments. */
export interface ArgumentNode {
  readonly expr: Expr | undefined;
  readonly type: CelType;
  readonly path: readonly string[];
  readonly size: Span | undefined;
}

/** How large the parts of an expression are. */
export interface Sizes {
  readonly checked: Checked;
  readonly nodeOf: (expr: Expr) => ArgumentNode;
  readonly sizeOrUnknown: (expr: Expr) => Span;
  readonly entryOf: (expr: Expr) => EntrySpan | undefined;
  /** By the declarations, for what has no expression of its own. */
  readonly sizeAt: (path: readonly string[]) => Span | undefined;
}

export interface CallSite {
  readonly expr: CallExpr;
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  /** Of the arguments. */
  readonly costs: readonly Span[];
}

export interface CallEstimate {
  readonly cost: Span;
  /** Of the result. */
  readonly size?: Span | undefined;
  readonly entry?: EntrySpan | undefined;
}

export function sizeOfNode({ size }: ArgumentNode): Span {
  return size ?? UNKNOWN;
}
