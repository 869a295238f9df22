import { compareStrings, formatFloat } from "@fairway/gotemplate";
import { HelmError } from "../errors.ts";
import { has, isTable, put } from "../values/table.ts";
import type { Table } from "../values/table.ts";

/**
 * Decodes YAML data into the shape of a Go struct, as sigs.k8s.io/yaml does: keys match without regard to case, numbers
 * and booleans become text where the struct has a string, null leaves the zero value, unknown keys are ignored.
 */
export interface StructShape {
  /** The Go name, for error messages. */
  readonly goName: string;
  readonly fields: Readonly<Record<string, FieldShape>>;
  /** How Go prints the type of a struct without a name. */
  readonly goType?: string;
}

export type FieldShape =
  | { readonly kind: "string" }
  | { readonly kind: "bool" }
  | { readonly kind: "anything" }
  | { readonly kind: "list"; readonly of: FieldShape }
  | { readonly kind: "map"; readonly of: FieldShape }
  | { readonly kind: "struct"; readonly shape: StructShape };

export const string: FieldShape = { kind: "string" };
export const bool: FieldShape = { kind: "bool" };
export const anything: FieldShape = { kind: "anything" };

export function list(of: FieldShape): FieldShape {
  return { kind: "list", of };
}

export function map(of: FieldShape): FieldShape {
  return { kind: "map", of };
}

export function struct(shape: StructShape): FieldShape {
  return { kind: "struct", shape };
}

/** The fields that the data has, under the names of the shape; whole numbers are expected as bigint. */
export function decodeStruct(data: unknown, shape: StructShape, qualifiedName: string): Table {
  if (data === null || data === undefined) return {};
  if (!isTable(data)) throw mismatch(jsonKind(data), `Go value of type ${qualifiedName}`);
  return readFields(data, shape, []);
}

function readFields(data: Table, shape: StructShape, path: readonly string[]): Table {
  const out: Table = {};
  for (const key of Object.keys(data).sort(compareStrings)) {
    const field = fieldName(shape, key);
    const fieldShape = field === undefined ? undefined : shape.fields[field];
    if (field === undefined || fieldShape === undefined) continue;
    const place = { structName: shape.goName, path: [...path, field] };
    const value = readValue(data[key], fieldShape, place);
    if (value !== null) put(out, field, value);
  }
  return out;
}

function fieldName(shape: StructShape, key: string): string | undefined {
  if (Object.hasOwn(shape.fields, key)) return key;
  const lower = key.toLowerCase();
  return Object.keys(shape.fields).find((name) => name.toLowerCase() === lower);
}

interface Place {
  readonly structName: string;
  readonly path: readonly string[];
}

function readValue(value: unknown, shape: FieldShape, place: Place): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case "anything":
      return withoutBigints(value);
    case "string":
      return readString(value, place);
    case "bool":
      if (typeof value !== "boolean") throw fieldMismatch(value, "bool", place);
      return value;
    case "list":
      if (!Array.isArray(value)) throw fieldMismatch(value, goType(shape), place);
      return value.map((item) => readValue(item, shape.of, place) ?? zeroOf(shape.of));
    case "map":
      return readMap(value, shape, place);
    case "struct":
      if (!isTable(value)) throw fieldMismatch(value, goType(shape), place);
      return readFields(value, shape.shape, place.path);
  }
}

function readString(value: unknown, place: Place): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatFloat(value, { verb: "g", precision: -1, bits: 64 });
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  throw fieldMismatch(value, "string", place);
}

function readMap(value: unknown, shape: { readonly kind: "map"; readonly of: FieldShape }, place: Place): Table {
  if (!isTable(value)) throw fieldMismatch(value, goType(shape), place);
  const out: Table = {};
  for (const key of Object.keys(value).sort(compareStrings)) {
    put(out, key, readValue(has(value, key) ? value[key] : null, shape.of, place) ?? zeroOf(shape.of));
  }
  return out;
}

function zeroOf(shape: FieldShape): unknown {
  return shape.kind === "string" ? "" : null;
}

/** Untyped data has float64 for every number, as JSON in Go. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (!isTable(value)) return value;
  const out: Table = {};
  for (const key of Object.keys(value)) put(out, key, withoutBigints(value[key]));
  return out;
}

function goType(shape: FieldShape): string {
  switch (shape.kind) {
    case "list":
      return `[]${shape.of.kind === "struct" ? "*" : ""}${goType(shape.of)}`;
    case "map":
      return `map[string]${goType(shape.of)}`;
    case "struct":
      return shape.shape.goType ?? `v2.${shape.shape.goName}`;
    case "anything":
      return "interface {}";
    default:
      return shape.kind;
  }
}

function fieldMismatch(value: unknown, type: string, place: Place): HelmError {
  return mismatch(jsonKind(value), `Go struct field ${place.structName}.${place.path.join(".")} of type ${type}`);
}

function mismatch(found: string, wanted: string): HelmError {
  return new HelmError(
    "chart-invalid",
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into ${wanted}`,
  );
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  return typeof value === "string" ? "string" : "object";
}
