import { parseDocuments } from "@fairway/yaml";
import type { YamlNode, YamlProblem } from "@fairway/yaml";
import { KustomizeError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { peekField } from "./fields.ts";
import { isMissingOrNull, makeNode, tags } from "./node.ts";
import type { Node } from "./node.ts";
import { resolvePlain } from "./resolve-scalar.ts";

const longPrefix = "tag:yaml.org,2002:";
/** What go-yaml finds only when it makes values of the tree, if at all. */
const laterProblems = new Set<YamlProblem["code"]>([
  "duplicate-key",
  "unsupported-key",
  "unsupported-number",
  "tag",
  "several-documents",
]);

/** All objects of a text with any number of documents; a single `List` is taken apart. */
export function parseObjects(text: string): Node[] {
  const parts = splitDocuments(text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text);
  const result: Node[] = [];
  for (const part of parts) {
    const node = parseDocument(part);
    if (isMissingOrNull(node) || node === undefined) continue;
    const kind = peekField(node, "kind")?.value;
    const items = peekField(node, "items");
    const isList = kind === "List" || kind === "ResourceList";
    if (parts.length === 1 && isList && (items ?? peekField(node, "functionConfig")) !== undefined) {
      result.push(...(items?.content ?? []));
    } else {
      result.push(node);
    }
  }
  return result;
}

function splitDocuments(text: string): string[] {
  if (text === "") return [];
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/\n---.*\n/g)) {
    const after = match[0].slice(4).trim();
    if (after !== "" && !after.startsWith("#")) {
      throw new KustomizeError("yaml", `invalid document separator: ${match[0].trim()}`);
    }
    parts.push(`${text.slice(start, match.index)}\n`);
    start = match.index + match[0].length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** The first document of a text; nothing when the text has none. */
export function parseDocument(text: string): Node | undefined {
  const { documents, problems } = parseDocuments(text, {
    integers: "bigint",
    limits: { nodesMax: limits.aliasNodesMax, depthMax: limits.nodeDepthMax },
  });
  const fatal = problems.find(({ code }) => !laterProblems.has(code));
  const root = documents[0]?.root;
  if (fatal !== undefined && (root === undefined || fatal.code !== "syntax")) {
    throw new KustomizeError("yaml", `MalformedYAMLError: ${fatal.goMessage}`);
  }
  if (root === undefined) return undefined;
  const repeated = problems.find(({ code }) => code === "duplicate-key");
  if (repeated !== undefined) throw new KustomizeError("yaml", `MalformedYAMLError: ${repeated.goMessage}`);
  return convert(root);
}

function convert(node: YamlNode): Node {
  if (node.kind === "sequence") return makeNode("sequence", node.items.map(convert));
  if (node.kind === "mapping") {
    const content: Node[] = [];
    for (const { key, value } of node.entries) content.push(convert(key), convert(value));
    return makeNode("mapping", content);
  }
  const { text, style } = node;
  const tagged = node.tag !== undefined && node.tag !== "!";
  let tag: string = tags.string;
  if (node.tag !== undefined && tagged) {
    tag = node.tag.startsWith(longPrefix) ? `!!${node.tag.slice(longPrefix.length)}` : node.tag;
  } else if (style === "plain" && node.tag === undefined) tag = resolvePlain(text).tag;
  return { kind: "scalar", tag, tagged, value: text, style, content: [] };
}
