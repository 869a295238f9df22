// Loops.
import { formatValue } from "../fmt/printf.ts";
import type { BranchNode, ListNode } from "../parse/node.ts";
import { GoNil, GoNumber, declaredType, isGoMap, mapGet, mapKeys } from "../value.ts";
import type { Statement } from "./code.ts";
import { compilePipeline } from "./compile-pipeline.ts";
import type { Frame } from "./frame.ts";
import type { Scope, Variable } from "./scope.ts";

/** Runs the body for one element; false if the loop is to end. */
type Iteration = (frame: Frame, key: unknown, element: unknown) => boolean;

type CompileList = (list: ListNode, scope: Scope) => Statement;

export function compileRange(node: BranchNode, scope: Scope, compileList: CompileList): Statement {
  const mark = scope.mark;
  const pipeline = compilePipeline(node.pipe, scope, !node.pipe.isAssign);
  const variables = node.pipe.variables.map((variable) => scope.find(variable.name));
  const inner = scope.mark;
  const body = compileList(node.list, scope);
  scope.reset(inner);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList, scope);
  scope.reset(mark);
  const iteration = compileIteration(variables, body);
  const element = variables.at(-1);
  return (frame, dot) => {
    frame.step();
    frame.node = node;
    const value = pipeline(frame, dot);
    const { dotType } = frame;
    frame.dotType = elementType(value);
    if (element?.typeSlot !== undefined) frame.slots[element.typeSlot] = frame.dotType;
    const ran = iterate(frame, value, { iteration, variableCount: variables.length });
    frame.dotType = dotType;
    return ran || otherwise === undefined ? "done" : otherwise(frame, dot);
  };
}

function compileIteration(variables: readonly (Variable | undefined)[], body: Statement): Iteration {
  const elementSlot = variables.at(-1)?.slot;
  const keySlot = variables.length > 1 ? variables[0]?.slot : undefined;
  return (frame, key, element) => {
    frame.step();
    if (elementSlot !== undefined) frame.slots[elementSlot] = element;
    if (keySlot !== undefined) frame.slots[keySlot] = key;
    return body(frame, element) !== "break";
  };
}

function elementType(value: unknown): string | undefined {
  if (Array.isArray(value) || isGoMap(value)) return declaredType(value)?.elem ?? "interface {}";
  return undefined;
}

interface Loop {
  readonly iteration: Iteration;
  readonly variableCount: number;
}

/** True if there was anything to iterate over. */
function iterate(frame: Frame, value: unknown, loop: Loop): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return iterateItems(frame, value, loop.iteration);
  if (isGoMap(value)) return iterateMap(frame, value, loop.iteration);
  if (typeof value === "bigint") return iterateInteger(frame, value, loop);
  if (value instanceof GoNumber && typeof value.value === "bigint") return iterateInteger(frame, value, loop);
  if (value instanceof Uint8Array) {
    const items = Array.from(value, (byte) => new GoNumber("uint8", BigInt(byte)));
    return iterateItems(frame, items, loop.iteration);
  }
  if (value instanceof GoNil) {
    if (value.type.kind === "map" || value.type.kind === "slice") return false;
    return frame.fail("range can't iterate over <nil>");
  }
  return frame.fail(`range can't iterate over ${formatValue(value)}`);
}

function iterateItems(frame: Frame, items: readonly unknown[], iteration: Iteration): boolean {
  const { length } = items;
  for (let index = 0; index < length; index++) {
    if (!iteration(frame, BigInt(index), items[index])) break;
  }
  return length > 0;
}

function iterateMap(frame: Frame, map: Record<string, unknown>, iteration: Iteration): boolean {
  // Keys and values are taken before the first iteration: the body may change the map.
  const keys = mapKeys(map);
  const values = keys.map((key) => mapGet(map, key));
  for (const [index, key] of keys.entries()) {
    if (!iteration(frame, key, values[index])) break;
  }
  return keys.length > 0;
}

function iterateInteger(frame: Frame, value: bigint | GoNumber, { iteration, variableCount }: Loop): boolean {
  if (variableCount > 1) frame.fail(`can't use ${formatValue(value)} to iterate over more than one variable`);
  const end = typeof value === "bigint" ? value : BigInt(value.value);
  for (let count = 0n; count < end; count++) {
    const element = typeof value === "bigint" ? count : new GoNumber(value.kind, count, value.type);
    if (!iteration(frame, undefined, element)) break;
  }
  return end > 0n;
}
