import { GoFunction, GoNil, GoNumber, GoStruct, defineFunction, isGoMap, mapKeys, mapSet } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { YamlError, decode, encode } from "@fairway/yaml";
import { formatDuration } from "./dates/duration.ts";
import { wellFormed } from "./json/decode-json.ts";
import { asList, asMap, orEmpty } from "./json.ts";
import { type JsonTree, jsonTree, marshaled } from "./json/json-tree.ts";
import { functionLimits } from "./limits.ts";

const jsonPrefix = "error unmarshaling JSON: while decoding JSON: ";

export const yamlFunctions: Readonly<Record<string, GoFunction>> = {
  toYaml: defineFunction(["any"], "string", (value) => orEmpty(() => toYaml(value))),
  mustToYaml: defineFunction(["any"], "string", (value) => {
    try {
      return toYaml(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`error marshaling into JSON: ${reason}`, { cause: error });
    }
  }),
  toYamlPretty: defineFunction(["any"], "string", (value) =>
    orEmpty(() => withoutLineEnd(encode(yamlTree(value), { flavour: "go-yaml-v3" }))),
  ),
  fromYaml: defineFunction(["string"], "map[string]any", (text) => asMap(() => fromYaml(text) ?? {}, jsonPrefix)),
  fromYamlArray: defineFunction(["string"], "[]any", (text) => asList(() => fromYaml(text) ?? [], jsonPrefix)),
};

function withoutLineEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** YAML is written from the JSON of a value, so what JSON cannot say YAML does not either. */
function toYaml(value: unknown): string {
  const tree = jsonTree(value);
  const text = encode(tree);
  // A byte that is no UTF-8 is U+FFFD in YAML; it shows in the text, as itself or as an escape.
  const isRaw = !text.isWellFormed() || /\\uD[C-F]/u.test(text);
  return withoutLineEnd(isRaw ? encode(wellFormed(tree)) : text);
}

function fromYaml(text: string): unknown {
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof YamlError)
      throw new Error(`error converting YAML to JSON: ${error.goMessage}`, { cause: error });
    throw error;
  }
}

/** What go-yaml itself sees of a value: bytes are numbers, fields have small letters. */
function yamlTree(value: unknown, depth = 0): JsonTree {
  if (depth > functionLimits.nestingMax) throw new Error("yaml: the value is nested too deeply");
  if (value instanceof Uint8Array) return Array.from(value, BigInt);
  if (Array.isArray(value)) return value.map((item) => yamlTree(item, depth + 1));
  if (value instanceof GoFunction) throw new Error("yaml: cannot marshal functions");
  if (value instanceof GoNumber) {
    return value.type?.name === "time.Duration" ? formatDuration(BigInt(value.value)) : jsonTree(value);
  }
  if (value instanceof GoNil) return value.type.kind === "map" ? {} : value.type.kind === "slice" ? [] : null;
  if (value instanceof GoStruct) return marshaled(value) ?? treeOfMap(value.fields, depth, (key) => key.toLowerCase());
  return isGoMap(value) ? treeOfMap(value, depth, (key) => key) : jsonTree(value);
}

function treeOfMap(map: Readonly<GoMap>, depth: number, rename: (key: string) => string): JsonTree {
  const tree: { [key: string]: JsonTree } = {};
  for (const key of mapKeys(map)) mapSet(tree, rename(key), yamlTree(map[key], depth + 1));
  return tree;
}
