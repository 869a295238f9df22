// The typed values of the cases: twins of those in testdata/oracle/main.go.
import {
  GoNil,
  type GoMap,
  type NumberKind,
  bytesToString,
  goNumber,
  isGoMap,
  mapSet,
  mapType,
  sliceType,
  withType,
} from "@fairway/gotemplate";

import { durationValue } from "../dates/duration-value.ts";
import { timeValue } from "../dates/time-value.ts";
import { utc } from "../dates/zone.ts";

/** A value of the cases; `{"$": type, "v": ...}` names the type, plain numbers are float64. */
export function decodeValue(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(decodeValue);
  if (!isGoMap(json)) return json;
  const type = json["$"];
  return typeof type === "string" ? typed(type, json["v"]) : mapped(json, decodeValue);
}

function mapped(json: GoMap, convert: (value: unknown) => unknown): GoMap {
  const map: GoMap = {};
  for (const [key, value] of Object.entries(json)) mapSet(map, key, convert(value));
  return map;
}

function typed(type: string, json: unknown): unknown {
  const text = String(json);
  switch (type) {
    case "float32":
    case "float64":
      return goNumber(type, Number(text.replace("Inf", "Infinity")));
    case "bytes":
      return Uint8Array.from(Buffer.from(text, "base64"));
    case "raw":
      return bytesToString(Buffer.from(text, "base64"));
    case "time":
      return timeValue({ nanoseconds: BigInt(text) * 1_000_000n, zone: utc });
    case "duration":
      return durationValue(BigInt(text));
    case "[]string":
      return withType(sliceType("string"), Array.isArray(json) ? [...(json as unknown[])] : []);
    case "[]int":
      return withType(sliceType("int"), Array.isArray(json) ? json.map((item) => BigInt(String(item))) : []);
    case "map[string]string":
      return withType(mapType("string"), isGoMap(json) ? mapped(json, String) : {});
    case "nil map":
      return new GoNil(mapType("any"));
    case "nil slice":
      return new GoNil(sliceType("any"));
    case "nil strings":
      return new GoNil(sliceType("string"));
    default:
      return goNumber(type as NumberKind, BigInt(text));
  }
}
