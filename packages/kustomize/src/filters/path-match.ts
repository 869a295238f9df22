import { KustomizeError, withPrefix } from "../kustomize-error.ts";
import { elementsOf, emptyNode, getField, peekField, requireKind, setField } from "../node/fields.ts";
import { scalarText } from "../node/node-text.ts";
import { nodeText } from "../node/node-text.ts";
import { makeNode, makeScalar } from "../node/node.ts";
import type { Node, NodeKind } from "../node/node.ts";
import { isIndex, isListIndex, kindForStep, splitListIndex } from "../node/path.ts";
import { compilePattern } from "../resource/pattern.ts";

/** All nodes that a path leads to; steps are fields, indices, `*`, or `[name=pattern]`. With `create`, missing ones are made. */
export function matchPath(node: Node, path: readonly string[], create: NodeKind | undefined): Node[] {
  const [step, ...rest] = path;
  if (step === undefined) return [node];
  if (isIndex(step)) return matchIndex(node, step, rest, create);
  if (isListIndex(step)) return matchElements(node, step, rest, create);
  if (step === "*") return elementsOf(node).flatMap((element) => matchPath(element, rest, create));
  return matchField(node, step, rest, create);
}

function matchField(node: Node, name: string, rest: readonly string[], create: NodeKind | undefined): Node[] {
  let field = getField(node, name);
  if (field === undefined) {
    if (create === undefined) return [];
    field = setField(node, name, emptyNode(kindForStep(rest[0] ?? "", create)));
  }
  return field === undefined ? [] : matchPath(field, rest, create);
}

function matchIndex(node: Node, step: string, rest: readonly string[], create: NodeKind | undefined): Node[] {
  const index = Number(step);
  const elements = elementsOf(node);
  if (elements.length === index && create !== undefined) {
    const element = emptyNode(kindForStep(rest[0] ?? "", create));
    node.content.push(element);
    elements.push(element);
  }
  const element = elements[index];
  if (element === undefined) {
    throw new KustomizeError("transform", `index ${index} specified but only ${elements.length} elements found`);
  }
  return matchPath(element, rest, create);
}

function matchElements(node: Node, step: string, rest: readonly string[], create: NodeKind | undefined): Node[] {
  const [name, value] = splitListIndex(step);
  const pattern = compilePattern(value);
  const found = elementsOf(node).flatMap((element) => {
    const field = name === "" ? element : peekField(element, name);
    if (field === undefined) return [];
    const text = field.kind === "scalar" ? scalarText(field) : nodeText(field);
    if (!pattern.test(text.trim())) return [];
    return name === "" ? [element] : matchPath(element, rest, create);
  });
  if (found.length > 0 || create === undefined) return found;
  const scalar = makeScalar(value);
  const element = name === "" ? scalar : makeNode("mapping", [makeScalar(name), scalar]);
  withPrefix(
    () => `failed to create element for "${step}"`,
    () => requireKind(node, "sequence"),
  );
  node.content.push(element);
  return name === "" ? [element] : matchPath(element, rest, create);
}
