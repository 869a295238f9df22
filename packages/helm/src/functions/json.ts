import { type GoFunction, GoNil, defineFunction, isGoMap, sliceType } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { nilMap } from "./dicts.ts";
import { decodeJson, jsonKind } from "./json/decode-json.ts";
import { encodeJson } from "./json/encode-json.ts";

const compact = { escapeHtml: true, indent: false };
const pretty = { escapeHtml: true, indent: true };
const raw = { escapeHtml: false, indent: false };

export const jsonFunctions: Readonly<Record<string, GoFunction>> = {
  toJson: defineFunction(["any"], "string", (value) => orEmpty(() => encodeJson(value, compact))),
  toPrettyJson: defineFunction(["any"], "string", (value) => orEmpty(() => encodeJson(value, pretty))),
  toRawJson: defineFunction(["any"], "string", (value) => encodeJson(value, raw)),
  mustToJson: defineFunction(["any"], "string", (value) => encodeJson(value, compact)),
  mustToPrettyJson: defineFunction(["any"], "string", (value) => encodeJson(value, pretty)),
  mustToRawJson: defineFunction(["any"], "string", (value) => encodeJson(value, raw)),
  mustFromJson: defineFunction(["string"], "any", decodeJson),
  fromJson: defineFunction(["string"], "map[string]any", (text) => asMap(() => decodeJson(text))),
  fromJsonArray: defineFunction(["string"], "[]any", (text) => asList(() => decodeJson(text))),
};

/** These functions give nothing where they fail, as in Helm. */
export function orEmpty(encode: () => string): string {
  try {
    return encode();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return "";
  }
}

/** A decoded map; of a failure, its message under the key Error. */
export function asMap(decode: () => unknown, prefix = ""): GoMap | GoNil {
  try {
    const value = decode();
    if (value === null) return nilMap();
    if (isGoMap(value)) return value;
    throw new Error(`${prefix}json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`);
  } catch (error) {
    return { Error: error instanceof Error ? error.message : String(error) };
  }
}

/** A decoded list; of a failure, its message as the only element. */
export function asList(decode: () => unknown, prefix = ""): unknown[] | GoNil {
  try {
    const value = decode();
    if (value === null) return new GoNil(sliceType("any"));
    if (Array.isArray(value)) return value as unknown[];
    throw new Error(`${prefix}json: cannot unmarshal ${jsonKind(value)} into Go value of type []interface {}`);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
