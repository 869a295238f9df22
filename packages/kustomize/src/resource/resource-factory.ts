import { KustomizeError } from "../kustomize-error.ts";
import { peekField } from "../node/fields.ts";
import { compareBytes } from "../node/go-json.ts";
import { entriesOf, isNilOrEmpty, textOf } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { parseObjects } from "../node/parse-objects.ts";
import { fromPlain, toPlainObject } from "../node/plain-value.ts";
import { localConfigAnnotation } from "./build-annotations.ts";
import { Resource } from "./resource.ts";
import type { Scopes } from "./scopes.ts";

/** The objects of a text, each with a kind and a name; lists of objects are taken apart. */
export function resourcesFromText(text: string, scopes: Scopes): Resource[] {
  return expandLists(parseObjects(text).filter(isObject)).map((node) => new Resource(node, scopes));
}

function isObject(node: Node): boolean {
  if (isNilOrEmpty(node)) return false;
  validateMetadata(node);
  return true;
}

interface Metadata {
  apiVersion: string;
  kind: string;
  name: string;
  namespace: string;
  labels: Map<string, string>;
  annotations: Map<string, string>;
}

function presentText(node: Node | undefined): string | undefined {
  return node === undefined || isNilOrEmpty(node) ? undefined : textOf(node);
}

function readMetadata(node: Node): Metadata {
  const metadata = peekField(node, "metadata");
  const meta = metadata === undefined || isNilOrEmpty(metadata) ? undefined : metadata;
  const map = (field: string): Map<string, string> => {
    const found = peekField(meta, field);
    return new Map(found?.kind === "mapping" ? Array.from(entriesOf(found), ([k, v]) => [textOf(k), textOf(v)]) : []);
  };
  const parts = [
    presentText(peekField(node, "apiVersion")),
    presentText(peekField(node, "kind")),
    presentText(peekField(meta, "name")),
    presentText(peekField(meta, "namespace")),
  ];
  const result: Metadata = {
    apiVersion: parts[0] ?? "",
    kind: parts[1] ?? "",
    name: parts[2] ?? "",
    namespace: parts[3] ?? "",
    labels: map("labels"),
    annotations: map("annotations"),
  };
  const isMissing = parts.every((part) => part === undefined) && result.labels.size + result.annotations.size === 0;
  if (isMissing) throw new KustomizeError("kustomization", "missing Resource metadata");
  return result;
}

/** As Go's %v prints it. */
function metadataGoText(metadata: Metadata): string {
  const map = (values: Map<string, string>): string =>
    `map[${[...values.keys()]
      .sort(compareBytes)
      .map((key) => `${key}:${values.get(key) ?? ""}`)
      .join(" ")}]`;
  const { apiVersion, kind, name, namespace, labels, annotations } = metadata;
  return `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${map(labels)} ${map(annotations)}}}`;
}

export function validateMetadata(node: Node): Metadata {
  const metadata = readMetadata(node);
  if (metadata.kind === "") {
    throw new KustomizeError("kustomization", `missing kind in object ${metadataGoText(metadata)}`);
  }
  if (!metadata.kind.endsWith("List") && metadata.name === "") {
    throw new KustomizeError("kustomization", `missing metadata.name in object ${metadataGoText(metadata)}`);
  }
  return metadata;
}

function expandLists(nodes: Node[]): Node[] {
  const queue = [...nodes];
  const result: Node[] = [];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const kind = peekField(node, "kind")?.value ?? "";
    const items = kind.endsWith("List") ? peekField(node, "items") : undefined;
    if (items === undefined) {
      result.push(node);
      continue;
    }
    const value = toPlainObject(node)["items"] ?? null;
    if (value === null) continue;
    if (!Array.isArray(value)) {
      const found = typeof value === "object" ? "map[string]interface {}" : typeof value;
      throw new KustomizeError("kustomization", `expected array in ${kind}/items, but found ${found}`);
    }
    queue.push(...value.map((item) => fromPlain(item)).filter(isObject));
  }
  return result;
}

/** Objects that are only for local tools are not part of the output. */
export function isLocalConfig(node: Node): boolean {
  const value = validateMetadata(node).annotations.get(localConfigAnnotation);
  return value !== undefined && value !== "false";
}
