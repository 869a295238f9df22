import { encode } from "@fairway/yaml";
import { messageOf } from "../kustomize-error.ts";
import type { Node } from "./node.ts";
import { toPlain } from "./plain-value.ts";

/** The node as YAML for a message: for people, so a node that cannot be written is named instead of failing again. */
export function nodeText(node: Node): string {
  if (node.kind === "scalar") return `${scalarText(node)}\n`;
  try {
    return encode(toPlain(node), { flavour: "go-yaml-v3", sequences: "compact", keyOrder: "kept" });
  } catch (error) {
    return `<${messageOf(error)}>\n`;
  }
}

/** The scalar as it stands in the file, quotes included. */
export function scalarText(node: Node): string {
  if (node.style === "double") return JSON.stringify(node.value);
  if (node.style === "single") return `'${node.value.replaceAll("'", "''")}'`;
  if (node.style === "literal" || node.style === "folded") return `|-\n  ${node.value}`;
  return node.value;
}
