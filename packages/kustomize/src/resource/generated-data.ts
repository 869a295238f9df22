import { clearField, peekField, setField } from "../node/fields.ts";
import { compareBytes } from "../node/go-json.ts";
import { entriesOf, makeScalar, tags, textOf } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup } from "../node/path.ts";
import type { StringMap } from "./metadata.ts";
import type { Resource } from "./resource.ts";

/** A value of generated data: text, or the base64 of bytes that are not UTF-8. */
export interface DataValue {
  readonly field: "data" | "binaryData";
  readonly text: string;
}

export function dataScalar(text: string): Node {
  return makeScalar(text, tags.string, text.includes("\n") ? "literal" : "plain");
}

/** Base64 as kustomize writes it: in lines of 70 when it does not fit one. */
export function foldedBase64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("base64");
  if (text.length < 70) return text;
  const lines = text.match(/.{1,70}/g) ?? [];
  return `${lines.join("\n")}\n`;
}

export function setData(node: Node, values: ReadonlyMap<string, DataValue>): void {
  for (const key of [...values.keys()].sort(compareBytes)) {
    const value = values.get(key);
    const map = value === undefined ? undefined : lookup(node, [value.field], "mapping");
    if (value !== undefined && map !== undefined) setField(map, key, dataScalar(value.text));
  }
}

function stringsOf(resource: Resource, field: "data" | "binaryData"): StringMap {
  const map = peekField(resource.tree, field);
  const result: StringMap = new Map();
  if (map !== undefined) for (const [key, value] of entriesOf(map)) result.set(key.value, textOf(value));
  return result;
}

/** Adds what the older object has and the newer one has not. */
export function mergeData(resource: Resource, old: Resource): void {
  for (const field of ["data", "binaryData"] as const) {
    const merged = new Map([...stringsOf(old, field), ...stringsOf(resource, field)]);
    clearField(resource.tree, field);
    const values = new Map(Array.from(merged, ([key, text]) => [key, { field, text }] as const));
    setData(resource.tree, values);
  }
}
