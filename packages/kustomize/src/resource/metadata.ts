import { clearField, peekField, setField } from "../node/fields.ts";
import { compareBytes } from "../node/go-json.ts";
import { entriesOf, isNilOrEmpty, makeScalar, makeString } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup } from "../node/path.ts";

export type StringMap = Map<string, string>;

export function metadataOf(node: Node): Node | undefined {
  const metadata = peekField(node, "metadata");
  return isNilOrEmpty(metadata) ? undefined : metadata;
}

/** `metadata.name` or `metadata.namespace` as text. */
export function metadataText(node: Node, field: "name" | "namespace"): string {
  const metadata = metadataOf(node);
  const value = metadata === undefined ? undefined : peekField(metadata, field);
  return value === undefined || isNilOrEmpty(value) ? "" : value.value;
}

export function stringField(node: Node, field: string): string {
  return peekField(node, field)?.value ?? "";
}

export function setStringField(node: Node, value: string, ...path: string[]): void {
  const parent = lookup(node, path.slice(0, -1), "mapping");
  if (parent !== undefined) setField(parent, path.at(-1) ?? "", makeScalar(value));
}

export function metadataMap(node: Node, field: "labels" | "annotations"): StringMap {
  const result: StringMap = new Map();
  const metadata = metadataOf(node);
  const map = metadata === undefined ? undefined : peekField(metadata, field);
  if (map !== undefined) for (const [key, value] of entriesOf(map)) result.set(key.value, value.value);
  return result;
}

/** Writes the whole map, sorted and as strings; an empty one removes the field. */
export function setMetadataMap(node: Node, field: "labels" | "annotations", values: StringMap): void {
  const metadata = lookup(node, ["metadata"], "mapping");
  if (metadata === undefined) return;
  clearField(metadata, field);
  if (values.size === 0) return;
  const map = lookup(metadata, [field], "mapping");
  if (map === undefined) return;
  for (const key of [...values.keys()].sort(compareBytes)) {
    map.content.push(makeScalar(key), makeString(values.get(key) ?? ""));
  }
}

/** Sets one annotation as kustomize's bookkeeping does: quoted, and an empty map is made anew. */
export function setAnnotation(node: Node, key: string, text: string): void {
  const metadata = peekField(node, "metadata");
  if (metadata !== undefined && metadata.kind === "mapping") {
    const annotations = peekField(metadata, "annotations");
    if (annotations !== undefined && annotations.content.length === 0) clearField(metadata, "annotations");
  }
  const map = lookup(node, ["metadata", "annotations"], "mapping");
  if (map === undefined) return;
  const value = makeString(text);
  value.style = "single";
  setField(map, key, value);
}
