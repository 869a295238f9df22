import type { CallExpr, ComprehensionExpr, Expr } from "./ast.ts";

/** Calls that are rewritten before anything is checked. Keys are `name:arguments`, with a dot before names of members. */
export type Macros = ReadonlyMap<string, Macro>;

export type Macro = (call: CallExpr, refuse: Refuse) => Expr | undefined;

export type Refuse = (message: string, offset: number) => never;

/** A macro may leave a call as it is. */
export function expandMacro(macros: Macros, call: CallExpr, refuse: Refuse): Expr {
  const key = `${call.target === undefined ? "" : "."}${call.name}:${call.args.length}`;
  return macros.get(key)?.(call, refuse) ?? call;
}

export const ACCUMULATOR = "@result";

export const STANDARD_MACROS: Macros = new Map<string, Macro>([
  ["has:1", expandHas],
  [".all:2", (call, refuse) => fold(call, refuse, allParts)],
  [".exists:2", (call, refuse) => fold(call, refuse, existsParts)],
  [".exists_one:2", (call, refuse) => fold(call, refuse, existsOneParts)],
  [".existsOne:2", (call, refuse) => fold(call, refuse, existsOneParts)],
  [".map:2", (call, refuse) => fold(call, refuse, mapParts)],
  [".map:3", (call, refuse) => fold(call, refuse, mapParts)],
  [".filter:2", (call, refuse) => fold(call, refuse, filterParts)],
]);

export const TWO_VARIABLE_MACROS: Macros = new Map<string, Macro>([
  [".all:3", (call, refuse) => fold2(call, refuse, allParts)],
  [".exists:3", (call, refuse) => fold2(call, refuse, existsParts)],
  [".existsOne:3", (call, refuse) => fold2(call, refuse, existsOneParts)],
  [".exists_one:3", (call, refuse) => fold2(call, refuse, existsOneParts)],
  [".transformList:3", (call, refuse) => fold2(call, refuse, mapParts)],
  [".transformList:4", (call, refuse) => fold2(call, refuse, mapParts)],
  [".transformMap:3", (call, refuse) => fold2(call, refuse, transformMapParts)],
  [".transformMap:4", (call, refuse) => fold2(call, refuse, transformMapParts)],
  [".transformMapEntry:3", (call, refuse) => fold2(call, refuse, transformEntryParts)],
  [".transformMapEntry:4", (call, refuse) => fold2(call, refuse, transformEntryParts)],
]);

export const OPTIONAL_MACROS: Macros = new Map<string, Macro>([
  [".optMap:2", (call, refuse) => expandOptional(call, refuse, true)],
  [".optFlatMap:2", (call, refuse) => expandOptional(call, refuse, false)],
]);

export const BINDING_MACROS: Macros = new Map<string, Macro>([[".bind:3", expandBind]]);

function expandHas({ args: [arg], offset }: CallExpr, refuse: Refuse): Expr {
  if (arg?.kind !== "select") return refuse("invalid argument to has() macro", arg?.offset ?? offset);
  return { ...arg, testOnly: true, offset };
}

interface Parts {
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

interface Body {
  readonly offset: number;
  readonly variable: string;
  /** Of maps with keys: the key; of lists: the item. */
  readonly args: readonly Expr[];
}

type MakeParts = (body: Body) => Parts;

function fold({ target, args, offset }: CallExpr, refuse: Refuse, parts: MakeParts): Expr | undefined {
  if (target === undefined) return undefined;
  const isMap = parts === mapParts || parts === filterParts;
  const variable = variableName(
    args[0],
    refuse,
    isMap ? "argument is not an identifier" : "argument must be a simple name",
  );
  return comprehension(target, { offset, variable, args: args.slice(1) }, undefined, parts);
}

function fold2({ target, args, offset }: CallExpr, refuse: Refuse, parts: MakeParts): Expr | undefined {
  if (target === undefined) return undefined;
  const variable = variableName(args[0], refuse, "argument must be a simple name");
  const variable2 = variableName(args[1], refuse, "argument must be a simple name");
  if (variable === variable2) return refuse(`duplicate variable name: ${variable}`, args[1]?.offset ?? offset);
  return comprehension(target, { offset, variable, args: args.slice(2) }, variable2, parts);
}

function comprehension(range: Expr, body: Body, variable2: string | undefined, parts: MakeParts): ComprehensionExpr {
  return {
    kind: "comprehension",
    range,
    variable: body.variable,
    variable2,
    accumulator: ACCUMULATOR,
    offset: body.offset,
    ...parts(body),
  };
}

function variableName(expr: Expr | undefined, refuse: Refuse, message: string): string {
  if (expr?.kind !== "ident" || expr.name.startsWith(".")) return refuse(message, expr?.offset ?? 0);
  if (expr.name === ACCUMULATOR) return refuse("iteration variable overwrites accumulator variable", expr.offset);
  return expr.name;
}

function literal(value: boolean | bigint, offset: number): Expr {
  return { kind: "literal", value, offset };
}

function ident(name: string, offset: number): Expr {
  return { kind: "ident", name, offset };
}

function call(name: string, offset: number, ...args: readonly Expr[]): Expr {
  return { kind: "call", target: undefined, name, args, offset };
}

function accumulator(offset: number): Expr {
  return ident(ACCUMULATOR, offset);
}

function allParts({ offset, args: [predicate = literal(true, offset)] }: Body): Parts {
  return {
    initial: literal(true, offset),
    condition: call("@not_strictly_false", offset, accumulator(offset)),
    step: call("_&&_", offset, accumulator(offset), predicate),
    result: accumulator(offset),
  };
}

function existsParts({ offset, args: [predicate = literal(true, offset)] }: Body): Parts {
  return {
    initial: literal(false, offset),
    condition: call("@not_strictly_false", offset, call("!_", offset, accumulator(offset))),
    step: call("_||_", offset, accumulator(offset), predicate),
    result: accumulator(offset),
  };
}

function existsOneParts({ offset, args: [predicate = literal(true, offset)] }: Body): Parts {
  const plusOne = call("_+_", offset, accumulator(offset), literal(1n, offset));
  return {
    initial: literal(0n, offset),
    condition: literal(true, offset),
    step: call("_?_:_", offset, predicate, plusOne, accumulator(offset)),
    result: call("_==_", offset, accumulator(offset), literal(1n, offset)),
  };
}

/** With two arguments left, the first one chooses what is taken. */
function guarded(offset: number, args: readonly Expr[], step: (value: Expr) => Expr): Expr {
  const [first = literal(true, offset), second] = args;
  return second === undefined ? step(first) : call("_?_:_", offset, first, step(second), accumulator(offset));
}

function mapParts({ offset, args }: Body): Parts {
  const append = (value: Expr): Expr =>
    call("_+_", offset, accumulator(offset), { kind: "list", items: [{ value, optional: false }], offset });
  return {
    initial: { kind: "list", items: [], offset },
    condition: literal(true, offset),
    step: guarded(offset, args, append),
    result: accumulator(offset),
  };
}

function filterParts({ offset, variable, args: [predicate = literal(true, offset)] }: Body): Parts {
  const item = ident(variable, offset);
  return mapParts({ offset, variable, args: [predicate, item] });
}

function transformMapParts({ offset, variable, args }: Body): Parts {
  const insert = (value: Expr): Expr =>
    call("cel.@mapInsert", offset, accumulator(offset), ident(variable, offset), value);
  return mapResult(offset, args, insert);
}

function transformEntryParts({ offset, args }: Body): Parts {
  return mapResult(offset, args, (entry) => call("cel.@mapInsert", offset, accumulator(offset), entry));
}

function mapResult(offset: number, args: readonly Expr[], insert: (value: Expr) => Expr): Parts {
  return {
    initial: { kind: "map", entries: [], offset },
    condition: literal(true, offset),
    step: guarded(offset, args, insert),
    result: accumulator(offset),
  };
}

/** A fold over nothing, which only names a value. */
export function binding(name: string, value: Expr, result: Expr, offset: number): Expr {
  return {
    kind: "comprehension",
    range: { kind: "list", items: [], offset },
    variable: "#unused",
    variable2: undefined,
    accumulator: name,
    initial: value,
    condition: literal(false, offset),
    step: ident(name, offset),
    result,
    offset,
  };
}

function expandBind({ target, args: [name, value, result], offset }: CallExpr, refuse: Refuse): Expr | undefined {
  if (target?.kind !== "ident" || target.name !== "cel" || value === undefined || result === undefined)
    return undefined;
  const variable = variableName(name, refuse, "cel.bind() variable names must be simple identifiers");
  return binding(variable, value, result, offset);
}

function expandOptional(
  { target, args: [name, body], offset }: CallExpr,
  refuse: Refuse,
  wraps: boolean,
): Expr | undefined {
  if (target === undefined || body === undefined) return undefined;
  const macro = wraps ? "optMap" : "optFlatMap";
  const variable = variableName(name, refuse, `${macro}() variable name must be a simple identifier`);
  const member = (operand: Expr, method: string): Expr => ({
    kind: "call",
    target: operand,
    name: method,
    args: [],
    offset,
  });
  const bound = binding(variable, member(target, "value"), body, offset);
  const then = wraps ? call("optional.of", offset, bound) : bound;
  return call("_?_:_", offset, member(target, "hasValue"), then, call("optional.none", offset));
}
