import { KustomizeError } from "../kustomize-error.ts";
import { isMissingOrNull, isString, tags } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { fixedText, goFloatText } from "../node/number-text.ts";
import { changeFields } from "./field-spec.ts";
import type { FieldSpec } from "./field-spec.ts";

/** Values that `$(NAME)` may stand for. A value that is no scalar leaves the text as it is. */
export type VariableValue = string | number | bigint | boolean;

export interface Variables {
  readonly values: ReadonlyMap<string, VariableValue | undefined>;
  /** Names that were replaced somewhere. */
  readonly used: Set<string>;
}

export function expandVariables(object: Node, specs: readonly FieldSpec[], variables: Variables): void {
  changeFields(object, specs, { set: (node) => expandNode(node, variables) });
}

function expandNode(node: Node, variables: Variables): void {
  if (isMissingOrNull(node)) return;
  if (node.kind === "scalar") {
    if (isString(node)) update(node, variables);
  } else if (node.kind === "mapping") {
    for (const [position, item] of node.content.entries()) {
      if (position % 2 === 1) {
        if (isString(item)) update(item, variables);
      } else if (!isString(item)) {
        throw new KustomizeError("transform", `invalid map key: value='${item.value}', tag='${item.tag}'`);
      }
    }
  } else {
    for (const item of node.content) {
      if (!isString(item)) throw new KustomizeError("transform", "invalid value type expect a string");
      update(item, variables);
    }
  }
}

function update(node: Node, variables: Variables): void {
  const value = expandText(node.value, variables);
  node.style = "plain";
  if (typeof value === "string") {
    node.value = value;
    node.tag = tags.string;
    if (value.includes("\n")) node.style = "literal";
  } else if (typeof value === "boolean") {
    node.value = String(value);
    node.tag = tags.bool;
  } else if (typeof value === "bigint" || Number.isInteger(value)) {
    node.value = String(value);
    node.tag = tags.int;
  } else {
    node.value = fixedText(value);
    node.tag = tags.float;
  }
}

/** Replaces `$(NAME)`; a text that is nothing else takes the value with its type. `$$` is a dollar. */
export function expandText(text: string, variables: Variables): VariableValue {
  let result = "";
  for (let position = 0; position < text.length; position++) {
    const character = text.charAt(position);
    if (character !== "$" || position + 1 >= text.length) {
      result += character;
      continue;
    }
    const next = text.charAt(position + 1);
    const close = next === "(" ? text.indexOf(")", position + 2) : -1;
    if (close < 0) {
      result += next === "$" ? "$" : `$${next}`;
      position++;
      continue;
    }
    const name = text.slice(position + 2, close);
    const value = variables.values.get(name);
    if (value !== undefined) variables.used.add(name);
    if (text === `$(${name})`) return value ?? text;
    result += value === undefined ? `$(${name})` : valueText(value);
    position = close;
  }
  return result;
}

function valueText(value: VariableValue): string {
  return typeof value === "number" && !Number.isInteger(value) ? goFloatText(value) : String(value);
}
