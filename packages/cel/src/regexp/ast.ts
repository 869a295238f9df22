import type { CharTest } from "./char-class.ts";

export type AssertKind = "line-start" | "line-end" | "text-start" | "text-end" | "word" | "no-word";

export type RegexpNode =
  | { readonly kind: "empty" }
  | { readonly kind: "rune"; readonly code: number }
  | { readonly kind: "class"; readonly test: CharTest }
  | { readonly kind: "assert"; readonly assert: AssertKind }
  | { readonly kind: "concat"; readonly items: readonly RegexpNode[] }
  | { readonly kind: "alternate"; readonly items: readonly RegexpNode[] }
  | { readonly kind: "capture"; readonly index: number; readonly item: RegexpNode }
  | Repeat;

export interface Repeat {
  readonly kind: "repeat";
  readonly item: RegexpNode;
  readonly min: number;
  /** Infinity without a bound. */
  readonly max: number;
  readonly greedy: boolean;
  /** Written with braces. */
  readonly counted: boolean;
}

export interface ParsedRegexp {
  readonly node: RegexpNode;
  /** The names of the groups, "" for those without; the whole match is the first. */
  readonly groupNames: readonly string[];
}

export function regexpError(code: string, excerpt: string): Error {
  return new Error(`error parsing regexp: ${code}: \`${excerpt}\``);
}

/** True if it can match nothing at all. */
export function isNullable(node: RegexpNode): boolean {
  switch (node.kind) {
    case "rune":
    case "class":
      return false;
    case "empty":
    case "assert":
      return true;
    case "concat":
      return node.items.every(isNullable);
    case "alternate":
      return node.items.some(isNullable);
    case "capture":
      return isNullable(node.item);
    case "repeat":
      return node.min === 0 || isNullable(node.item);
    default:
      return false;
  }
}
