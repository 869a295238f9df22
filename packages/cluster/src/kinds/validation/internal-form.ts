import { compareBytes } from "../../object/go-text.ts";
import { isJsonObject } from "../../object/json-value.ts";
import type { JsonObject } from "../../object/json-value.ts";
import { internalTypes } from "../data/internal-types.ts";

/**
 * A value as some messages show it: as the struct that the API server has for its own use, with all that is not set. The types are those of
 * `internalTypes`; maps are in the order of their keys.
 */
export function internalForm(type: string, value: object | undefined): unknown {
  return value === undefined ? null : structForm(type, { ...value });
}

/** The same for a list of them. */
export function internalForms(type: string, values: readonly object[] | null | undefined): unknown {
  return values?.map((each) => internalForm(type, each)) ?? null;
}

/** Labels and other maps of scalars, as Go writes them. */
export function sortedMap<Value>(map: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).toSorted(([left], [right]) => compareBytes(left, right)));
}

interface InternalField {
  readonly name: string;
  readonly isLeftOut: boolean;
  /** `"`, `0`, `f`, `q`, `*`, `[`, `{`, or nothing for a struct that is always there. */
  readonly sign: string;
  /** Empty where no struct stands in it. */
  readonly type: string;
}

const known = new Map<string, readonly InternalField[]>();

function fieldsOf(type: string): readonly InternalField[] {
  const made = known.get(type);
  if (made) return made;
  const fields = (internalTypes[type] ?? "").split(" ").filter(Boolean).map(fieldOf);
  known.set(type, fields);
  return fields;
}

function fieldOf(text: string): InternalField {
  const [, name = "", mark = "", sign = "", type = ""] = /^(@|\w+)(\??):?(["0fq*[{]?)(\w*)$/u.exec(text) ?? [];
  return { name, isLeftOut: mark === "?", sign, type };
}

const zeros: Readonly<Record<string, unknown>> = { '"': "", "0": 0, f: false, q: "0" };

function structForm(type: string, given: JsonObject): JsonObject {
  const value = type === "PodSpec" ? withHostFields(given) : given;
  const keys = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  const form: JsonObject = {};
  for (const { name, isLeftOut, sign, type: inner } of fieldsOf(type)) {
    if (name === "@") {
      Object.assign(form, structForm(inner, mapOf(value["metadata"])));
      continue;
    }
    const found = value[keys.get(name.toLowerCase()) ?? ""];
    if (isLeftOut && isNothing(found)) continue;
    form[name] = fieldForm(sign, inner, found);
  }
  return form;
}

function fieldForm(sign: string, type: string, value: unknown): unknown {
  if (sign === "" && type !== "") return structForm(type, mapOf(value));
  if (value === undefined || value === null) return zeros[sign] ?? null;
  if (sign === "[" && Array.isArray(value) && type !== "") return value.map((each) => structForm(type, mapOf(each)));
  if (sign === "{" && isJsonObject(value)) {
    const sorted = sortedMap(value);
    if (type === "") return sorted;
    return Object.fromEntries(Object.entries(sorted).map(([key, each]) => [key, structForm(type, mapOf(each))]));
  }
  return sign === "*" && type !== "" ? structForm(type, mapOf(value)) : value;
}

function mapOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isNothing(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

const hostFields = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] as const;

/** What a pod shares with its node stands in its security context. */
function withHostFields(spec: JsonObject): JsonObject {
  const shared = Object.fromEntries(hostFields.flatMap((name) => (name in spec ? [[name, spec[name]]] : [])));
  const { securityContext } = spec;
  if (securityContext === undefined && Object.keys(shared).length === 0) return spec;
  return { ...spec, securityContext: { ...mapOf(securityContext), ...shared } };
}
