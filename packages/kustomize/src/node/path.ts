import { KustomizeError } from "../kustomize-error.ts";
import { emptyNode, elementsOf, getField, peekField, requireKind, setField } from "./fields.ts";
import { isMissingOrNull, makeNode, makeScalar } from "./node.ts";
import type { Node, NodeKind } from "./node.ts";

/** Splits at the delimiter; one that stands after a backslash belongs to the name. A leading delimiter is dropped. */
export function splitPath(path: string, delimiter: string): string[] {
  let parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === "") parts = parts.slice(1);
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith("\\")) result[result.length - 1] = last.slice(0, -1) + delimiter + part;
    else result.push(part);
  }
  return result;
}

/** The same, with `[name=value]` and `[a.b]` kept in one piece. */
export function splitBracketedPath(path: string, delimiter: string): string[] {
  const result: string[] = [];
  const parts = splitPath(path, delimiter);
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    if (!part.startsWith("[") || part.endsWith("]")) {
      result.push(part);
      continue;
    }
    const bracketed = [part];
    while (index < parts.length - 1) {
      index++;
      const next = parts[index] ?? "";
      bracketed.push(next);
      if (next.endsWith("]")) break;
    }
    const joined = bracketed.join(delimiter);
    result.push(joined.includes("=") ? joined : joined.replace(/^[[\]]+|[[\]]+$/g, ""));
  }
  return result;
}

export function isListIndex(part: string): boolean {
  return part.startsWith("[") && part.endsWith("]");
}

/** Whether Go's strconv.Atoi takes it. */
export function isInteger(part: string): boolean {
  return /^[-+]?\d+$/.test(part);
}

export function isIndex(part: string): boolean {
  return isInteger(part) && Number(part) >= 0;
}

export function splitListIndex(part: string): [name: string, value: string] {
  const element = part.slice(part.startsWith("[") ? 1 : 0, part.endsWith("]") ? -1 : undefined);
  const at = element.indexOf("=");
  if (at < 0) {
    throw new KustomizeError("transform", "list path element must contain fieldName=fieldValue for element to match");
  }
  return [element.slice(0, at), element.slice(at + 1)];
}

/** What a missing step becomes: decided by the step after it. */
export function kindForStep(next: string, last: NodeKind): NodeKind {
  if (isListIndex(next) || isIndex(next)) return "sequence";
  return next === "" ? last : "mapping";
}

/** Follows a path from a node. With `create`, fields that are missing are made; the last one is of that kind. */
export function lookup(node: Node, path: readonly string[], create?: NodeKind): Node | undefined {
  const steps = path.map((step) => step.trim()).filter((step) => step !== "");
  let current: Node | undefined = node;
  for (const [index, step] of steps.entries()) {
    current = followStep(current, step, create === undefined ? undefined : kindForStep(steps[index + 1] ?? "", create));
    if (current === undefined) return undefined;
  }
  return current;
}

function followStep(node: Node, step: string, create: NodeKind | undefined): Node | undefined {
  if (isInteger(step)) {
    const index = Number(step);
    if (index < 0) throw new KustomizeError("transform", `array index ${index} cannot be negative`);
    return elementsOf(node)[index];
  }
  if (step === "-") return elementsOf(node).at(-1);
  if (step === "*") throw new KustomizeError("transform", "wildcard is not supported in PathGetter");
  if (isListIndex(step)) return followElement(node, step, create !== undefined);
  if (create === undefined) return getField(node, step);
  if (isMissingOrNull(node)) return undefined;
  return getField(node, step) ?? setField(node, step, emptyNode(create));
}

function followElement(node: Node, step: string, create: boolean): Node | undefined {
  const [name, value] = splitListIndex(step);
  const found = name === "" ? findScalar(node, value) : findElement(node, [name], [value]);
  if (found !== undefined || !create) return found;
  const element = name === "" ? makeScalar(value) : makeNode("mapping", [makeScalar(name), makeScalar(value)]);
  node.content.push(element);
  return element;
}

export function findScalar(node: Node, value: string): Node | undefined {
  requireKind(node, "sequence");
  return node.content.find((element) => element.value === value);
}

/** The first element that has all these values under these keys. */
export function findElement(node: Node, keys: readonly string[], values: readonly string[]): Node | undefined {
  requireKind(node, "sequence");
  return node.content.find(
    (element) =>
      element.kind === "mapping" &&
      keys.every((key, index) => {
        const field = peekField(element, key);
        return field !== undefined && field.value === (values[index] ?? "");
      }),
  );
}
