// Calls of functions and methods: arguments are checked against the signature as Go's reflection does it.
import { andFunction, builtinFunctions, callFunction, orFunction } from "../builtins/index.ts";
import { invokeValue } from "../builtins/call.ts";
import type { GoFunction } from "../go-function.ts";
import { nodeText } from "../parse/node-text.ts";
import type { IdentifierNode, Node } from "../parse/node.ts";
import { quote } from "../strconv/quote.ts";
import { isTrue, typeName } from "../value.ts";
import { compileArgument, validated } from "./argument.ts";
import type { Command, Expression, Invocation, Operand } from "./code.ts";
import type { Frame } from "./frame.ts";

/** The arguments of one call site, made ready for one function. */
interface Plan {
  readonly function: GoFunction;
  readonly args: readonly Expression[];
  /** Type of the parameter that the final value goes to, undefined without one. */
  readonly finalType: string | undefined;
  /** Wrong number of arguments. */
  readonly problem: string | undefined;
}

interface CallSite {
  readonly node: Node;
  readonly args: readonly Operand[];
  readonly hasFinal: boolean;
  plan: Plan | undefined;
}

function callSite(node: Node, { args, hasFinal }: Invocation): CallSite {
  return {
    node,
    args,
    hasFinal,
    plan: undefined,
  };
}

export function compileFunctionCall(node: IdentifierNode, command: Node, invocation: Invocation): Command {
  const { name } = node;
  const site = callSite(command, invocation);
  return (frame, dot, final) => {
    frame.node = node;
    frame.step();
    const own = frame.templates.function(name);
    if (own !== undefined) return call(frame, dot, { site, name, function: own, final });
    const builtin = builtinFunctions.get(name);
    if (builtin === undefined) return frame.fail(`${quote(name)} is not a defined function`);
    const request = { site, name, function: builtin, final };
    if (builtin === andFunction) return shortCircuit(frame, dot, { ...request, until: false });
    if (builtin === orFunction) return shortCircuit(frame, dot, { ...request, until: true });
    return call(frame, dot, request);
  };
}

interface MethodRequest {
  readonly name: string;
  readonly function: GoFunction;
  readonly final: unknown;
}

export type MethodCall = (frame: Frame, dot: unknown, request: MethodRequest) => unknown;

export function compileMethodCall(node: Node, invocation: Invocation): MethodCall {
  const site = callSite(node, invocation);
  return (frame, dot, request) => {
    frame.step();
    return call(frame, dot, { site, ...request });
  };
}

interface Request extends MethodRequest {
  readonly site: CallSite;
}

function planFor(site: CallSite, name: string, callee: GoFunction): Plan {
  const { args, hasFinal } = site;
  const { params, variadic } = callee;
  const count = args.length + (hasFinal ? 1 : 0);
  let problem: string | undefined;
  if (variadic === undefined && count !== params.length) {
    problem = `wrong number of args for ${name}: want ${params.length} got ${count}`;
  } else if (count < params.length) {
    problem = `wrong number of args for ${name}: want at least ${params.length} got ${args.length}`;
  }
  const typeAt = (index: number): string => params[index] ?? variadic ?? "interface {}";
  return {
    function: callee,
    args: problem === undefined ? args.map((arg, index) => compileArgument(arg, typeAt(index))) : [],
    finalType: hasFinal ? typeAt(count - 1) : undefined,
    problem,
  };
}

function preparedPlan(frame: Frame, { site, name, function: callee }: Request): Plan {
  if (site.plan?.function !== callee) site.plan = planFor(site, name, callee);
  const { plan } = site;
  if (plan.problem !== undefined) frame.fail(plan.problem);
  return plan;
}

function call(frame: Frame, dot: unknown, request: Request): unknown {
  const plan = preparedPlan(frame, request);
  const values: unknown[] = [];
  for (const arg of plan.args) values.push(arg(frame, dot));
  if (plan.finalType !== undefined) values.push(validated(frame, request.final, plan.finalType));
  const { site, name, function: callee } = request;
  try {
    if (callee === callFunction) return invokeValue(frame, calleeName(site, request.final), values);
    return callee.takesContext ? callee.body(frame, ...values) : callee.body(...values);
  } catch (error) {
    frame.node = site.node;
    return frame.failCalling(name, error);
  }
}

function calleeName({ args: [callee] }: CallSite, final: unknown): string {
  if (callee !== undefined) return nodeText(callee.node);
  return typeof final === "string" ? final : `<${typeName(final)} Value>`;
}

/** `and` and `or` evaluate arguments only until one decides. */
function shortCircuit(frame: Frame, dot: unknown, request: Request & { readonly until: boolean }): unknown {
  const plan = preparedPlan(frame, request);
  let value: unknown;
  for (const arg of plan.args) {
    value = arg(frame, dot);
    if (isTrue(value) === request.until) return value;
  }
  return request.site.hasFinal ? request.final : value;
}
