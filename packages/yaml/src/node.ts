import { jsonKey } from "./resolve/key-text.ts";
import { resolvePlain } from "./resolve/resolve.ts";
import { resolveTagged } from "./resolve/tag.ts";
import { setOwn } from "./compose/plain-object.ts";
import type { PlainObject } from "./compose/plain-object.ts";
import type { Position } from "./yaml-error.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

export interface ScalarNode {
  kind: "scalar";
  value: string | number | bigint | boolean | null;
  /** The text of the scalar after quotes, escapes and folding, before it was given a type. */
  text: string;
  style: ScalarStyle;
  /** In its long form. */
  tag?: string;
  start: Position;
  end: Position;
}

export interface MappingEntry {
  key: YamlNode;
  value: YamlNode;
}

export interface MappingNode {
  kind: "mapping";
  /** In the order of the text; merge keys are resolved, and of duplicates the last one is kept. */
  entries: MappingEntry[];
  start: Position;
  end: Position;
}

export interface SequenceNode {
  kind: "sequence";
  items: YamlNode[];
  start: Position;
  end: Position;
}

/** Aliases are resolved: a node may be reached by several ways, so treat nodes as read-only. */
export type YamlNode = ScalarNode | MappingNode | SequenceNode;

/** The key as JSON has it; undefined when the node cannot be a key. */
export function keyText(node: YamlNode): string | undefined {
  if (node.kind !== "scalar") {
    return undefined;
  }
  if (typeof node.value === "string") {
    return node.value;
  }
  const resolved = node.tag === undefined ? resolvePlain(node.text) : resolveTagged(node.tag, node.text);
  return typeof resolved === "string" ? undefined : jsonKey(resolved);
}

/** The value of a node as `decode` gives it; keys that JSON cannot hold are left out. */
export function nodeValue(node: YamlNode): unknown {
  if (node.kind === "scalar") {
    return node.value;
  }
  if (node.kind === "sequence") {
    return node.items.map(nodeValue);
  }
  const target: PlainObject = {};
  for (const { key, value } of node.entries) {
    const name = keyText(key);
    if (name !== undefined) {
      setOwn(target, name, nodeValue(value));
    }
  }
  return target;
}
