// Functions as values: what a template calls, with the signature that Go's reflection would see.
import { canonicalTypeName } from "./go-type.ts";
import type { CallContext } from "./call-context.ts";

/** The TypeScript type of an argument of the Go type of that name. */
export type Argument<T extends string> = T extends "string"
  ? string
  : T extends "bool"
    ? boolean
    : T extends "int"
      ? bigint
      : T extends "float64"
        ? number
        : T extends "[]any" | "[]interface {}"
          ? readonly unknown[]
          : T extends "[]string"
            ? readonly string[]
            : T extends "map[string]any" | "map[string]interface {}"
              ? Record<string, unknown>
              : unknown;

export type Arguments<P extends readonly string[]> = P extends readonly [`...${infer E}`]
  ? Argument<E>[]
  : P extends readonly [infer H extends string, ...infer R extends readonly string[]]
    ? [Argument<H>, ...Arguments<R>]
    : [];

type Body = (...args: unknown[]) => unknown;

export class GoFunction {
  /** Go type names of the fixed parameters. "reflect.Value" takes anything, also `undefined` for no value at all. */
  readonly params: readonly string[];
  /** The element type of the last, variadic parameter, or undefined. */
  readonly variadic: string | undefined;
  readonly result: string;
  readonly body: Body;
  /** The context of the call is the first argument of the body. */
  readonly takesContext: boolean;

  constructor(params: readonly string[], result: string, body: Body, takesContext = false) {
    const names = params.map(canonicalTypeName);
    const last = names.at(-1);
    this.variadic = last?.startsWith("...") === true ? last.slice(3) : undefined;
    this.params = this.variadic === undefined ? names : names.slice(0, -1);
    this.result = canonicalTypeName(result);
    this.body = body;
    this.takesContext = takesContext;
  }

  /** Calls it without checking the arguments. */
  invoke(context: CallContext, ...args: readonly unknown[]): unknown {
    return this.takesContext ? this.body(context, ...args) : this.body(...args);
  }

  /** As %T prints it. */
  get typeName(): string {
    const params = this.variadic === undefined ? this.params : [...this.params, `...${this.variadic}`];
    return `func(${params.join(", ")}) ${this.result}`;
  }
}

/** Registers a function by its Go signature: `defineFunction(["string", "...any"], "string", (format, ...args) => ...)`. */
export function defineFunction<const P extends readonly string[]>(
  params: P,
  result: string,
  call: (...args: Arguments<P>) => unknown,
): GoFunction {
  return new GoFunction(params, result, call as Body);
}

/** The same for functions that run other templates (`include`, `tpl`): the context of the call comes first. */
export function defineContextFunction<const P extends readonly string[]>(
  params: P,
  result: string,
  call: (context: CallContext, ...args: Arguments<P>) => unknown,
): GoFunction {
  return new GoFunction(params, result, call as Body, true);
}
