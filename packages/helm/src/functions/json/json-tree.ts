// What encoding/json sees of a value of Go: null, booleans, texts, numbers, lists and maps of those.
import {
  GoFunction,
  GoNil,
  GoNumber,
  GoStruct,
  bytesToString,
  formatFloat,
  isGoMap,
  mapKeys,
  mapSet,
  typeName,
} from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { encodeBase64 } from "../encodings.ts";
import { functionLimits } from "../limits.ts";

export type JsonTree = null | boolean | string | number | bigint | JsonTree[] | { [key: string]: JsonTree };

/** Texts stay as they are, also with bytes that are no UTF-8. */
export function jsonTree(value: unknown, depth = 0): JsonTree {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
      return value;
    case "number":
      return finite(value);
    case "undefined":
      return null;
    default:
      return typeof value === "object" && value !== null ? treeOfObject(value, depth) : null;
  }
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  throw new Error(`json: unsupported value: ${name}`);
}

function treeOfObject(value: object, depth: number): JsonTree {
  if (depth > functionLimits.nestingMax) {
    throw new Error(`json: unsupported value: encountered a cycle via ${typeName(value)}`);
  }
  if (Array.isArray(value)) return value.map((item) => jsonTree(item, depth + 1));
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof GoNil) return null;
  if (value instanceof GoNumber) return treeOfNumber(value);
  if (value instanceof GoFunction) throw new Error(`json: unsupported type: ${value.typeName}`);
  if (value instanceof GoStruct) return marshaled(value) ?? treeOfFields(value, depth);
  return isGoMap(value) ? treeOfMap(value, depth) : null;
}

function treeOfNumber({ kind, value }: GoNumber): JsonTree {
  if (typeof value === "bigint") return value;
  if (kind !== "float32") return finite(value);
  return Number(formatFloat(finite(value), { verb: "g", precision: -1, bits: 32 }));
}

function treeOfMap(map: GoMap, depth: number): JsonTree {
  const tree: { [key: string]: JsonTree } = {};
  for (const key of mapKeys(map)) mapSet(tree, key, jsonTree(map[key], depth + 1));
  return tree;
}

/** Exported fields only. */
function treeOfFields({ fields }: GoStruct, depth: number): JsonTree {
  const tree: { [key: string]: JsonTree } = {};
  for (const [name, value] of Object.entries(fields)) {
    if (/^\p{Lu}/u.test(name)) tree[name] = jsonTree(value, depth + 1);
  }
  return tree;
}

/** What the value says about itself with MarshalText, undefined if it says nothing. */
export function marshaled(struct: GoStruct): string | undefined {
  const { methods } = struct.type;
  const marshal = methods !== undefined && Object.hasOwn(methods, "MarshalText") ? methods["MarshalText"] : undefined;
  if (marshal === undefined) return undefined;
  const context = {
    get templates(): never {
      throw new Error("MarshalText runs no templates");
    },
    execute(): never {
      throw new Error("MarshalText runs no templates");
    },
  };
  const bytes = marshal(struct).invoke(context);
  return bytes instanceof Uint8Array ? bytesToString(bytes) : "";
}
