import { rereadText } from "./block-text.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { entriesOf, makeNode, makeScalar, makeString, tags } from "./node.ts";
import type { Node } from "./node.ts";
import { goJsonNumber } from "./number-text.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import type { ScalarValue } from "./resolve-scalar.ts";

export type PlainValue = ScalarValue | PlainValue[] | PlainObject;
export interface PlainObject {
  [key: string]: PlainValue;
}

/** Sets an own property, also one named `__proto__`. */
export function setOwn(target: PlainObject, key: string, value: PlainValue): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

/** What the tree says once it is written and read again: the value that is printed. */
export function toPlain(node: Node): PlainValue {
  if (node.kind === "mapping") return mappingValue(node);
  if (node.kind === "sequence") return node.content.map(toPlain);
  return scalarValue(node);
}

/** The same for a node that must be a mapping; null counts as an empty one. */
export function toPlainObject(node: Node): PlainObject {
  const value = toPlain(node);
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new KustomizeError(
      "yaml",
      `yaml: unmarshal errors:\n  line 1: cannot unmarshal ${node.tag} into map[string]interface {}`,
    );
  }
  return value;
}

function mappingValue(node: Node): PlainObject {
  const result: PlainObject = {};
  for (const [key, value] of entriesOf(node)) {
    if (keyTag(key) !== tags.string) {
      throw new KustomizeError(
        "yaml",
        `json: unsupported type: map[interface {}]interface {} (the key ${key.value} is not a string; put it in quotes)`,
      );
    }
    if (Object.hasOwn(result, key.value)) {
      throw new KustomizeError("yaml", `yaml: unmarshal errors:\n  mapping key "${key.value}" already defined`);
    }
    setOwn(result, key.value, toPlain(value));
  }
  return result;
}

function keyTag(key: Node): string {
  if (key.kind !== "scalar") return key.tag;
  return scalarTag(key);
}

function scalarTag(node: Node): string {
  if (node.tag !== "") return node.tag;
  return node.style === "plain" ? resolvePlain(node.value).tag : tags.string;
}

export function scalarValue(node: Node): ScalarValue {
  const tag = scalarTag(node);
  if (tag === tags.string) return rereadText(node);
  if (tag === tags.null || node.kind === "none") return null;
  if (tag === tags.binary) return Buffer.from(node.value, "base64").toString();
  const resolved = node.style === "plain" || node.tag !== "" ? resolvePlain(node.value, node.tag) : undefined;
  if (resolved === undefined) return node.value;
  if (resolved.tag === tag) return checked(resolved.value);
  if (tag === tags.float && resolved.tag === tags.int) return Number(resolved.value);
  if (!Object.values<string>(tags).includes(tag)) return resolved.tag === tags.string ? node.value : resolved.value;
  throw new KustomizeError("yaml", `yaml: cannot decode ${resolved.tag} \`${node.value}\` as a ${tag}`);
}

function checked(value: ScalarValue): ScalarValue {
  if (typeof value === "number" && !Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new KustomizeError("yaml", `json: unsupported value: ${name}`);
  }
  return value;
}

/** The tree of a value; numbers get the text that the writer of the value gives them. */
export function fromPlain(value: unknown, numberText: (value: number) => string = goJsonNumber, depth = 0): Node {
  if (depth > limits.nodeDepthMax) {
    throw new KustomizeError("limit", `a value is nested deeper than ${limits.nodeDepthMax} levels`);
  }
  if (value === null || value === undefined) return makeScalar("null", tags.null);
  if (typeof value === "string") return makeString(value);
  if (typeof value === "boolean") return makeScalar(String(value), tags.bool);
  if (typeof value === "bigint") return makeScalar(String(value), tags.int);
  if (typeof value === "number") {
    const text = numberText(value);
    return makeScalar(text, resolvePlain(text).tag);
  }
  if (Array.isArray(value)) {
    return makeNode(
      "sequence",
      value.map((item) => fromPlain(item, numberText, depth + 1)),
    );
  }
  const content: Node[] = [];
  for (const [key, item] of Object.entries(value))
    content.push(makeString(key), fromPlain(item, numberText, depth + 1));
  return makeNode("mapping", content);
}
