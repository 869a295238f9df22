import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, listOf, mapOf, STRING, struct, TIMESTAMP } from "@fairway/cel";
import type { CelType, StructFields } from "@fairway/cel";
import { isEmbedded, isIntOrString, itemsOf, valuesOf, withTypeAndMetadata } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { escapedName } from "./escape-name.ts";
import { REQUEST_BYTES_MAX } from "./limits.ts";

/** What expressions can know of a part of an object before there is one: its type, and how large it can be. */
export interface DeclType {
  readonly type: CelType;
  /** Bytes of JSON at least. */
  readonly bytesMin: number;
  /** Characters, items or entries at most. */
  readonly countMax: number;
  /** By the names that expressions use. */
  readonly fields?: ReadonlyMap<string, DeclType>;
  readonly items?: DeclType;
  readonly keys?: DeclType;
  readonly schema: JsonSchema;
}

/** Undefined for what expressions can't see. */
export function declTypeOf(schema: JsonSchema, isRoot: boolean, name: string): DeclType | undefined {
  if (isIntOrString(schema)) {
    const countMax = schema.maxLength === undefined ? REQUEST_BYTES_MAX - 2 : atLeastZero(schema.maxLength) * 4;
    return { type: DYN, bytesMin: 1, countMax, schema };
  }
  const whole = isRoot ? withTypeAndMetadata(schema) : schema;
  switch (whole.type) {
    case "array":
      return listDecl(whole, name);
    case "object":
      return valuesOf(whole) === undefined ? objectDecl(whole, name) : mapDecl(whole, name);
    case "string":
      return textDecl(whole);
    case "boolean":
      return { type: BOOL, bytesMin: 4, countMax: 0, schema };
    case "number":
      return { type: DOUBLE, bytesMin: 1, countMax: 0, schema };
    case "integer":
      return { type: INT, bytesMin: 1, countMax: 0, schema };
    default:
      return undefined;
  }
}

const KEY: DeclType = { type: STRING, bytesMin: 2, countMax: 0, schema: { type: "string" } };

function atLeastZero(count: number): number {
  return Math.max(0, count);
}

function listDecl(schema: JsonSchema, name: string): DeclType | undefined {
  const inner = itemsOf(schema);
  const items = inner && declTypeOf(inner, isEmbedded(inner), `${name}.@idx`);
  if (items === undefined) return undefined;
  const countMax =
    schema.maxItems === undefined
      ? Math.floor((REQUEST_BYTES_MAX - 2) / (items.bytesMin + 1))
      : atLeastZero(schema.maxItems);
  return { type: listOf(items.type), bytesMin: 2, countMax, items, schema };
}

function mapDecl(schema: JsonSchema, name: string): DeclType | undefined {
  const inner = valuesOf(schema);
  const items = inner && declTypeOf(inner, isEmbedded(inner), `${name}.@elem`);
  if (items === undefined) return undefined;
  const countMax =
    schema.maxProperties === undefined
      ? Math.floor((REQUEST_BYTES_MAX - 2) / (items.bytesMin + 6))
      : atLeastZero(schema.maxProperties);
  return { type: mapOf(STRING, items.type), bytesMin: 2, countMax, items, keys: KEY, schema };
}

function objectDecl(schema: JsonSchema, name: string): DeclType {
  const fields = new Map<string, DeclType>();
  const required = new Set(schema.required);
  let bytesMin = 2;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const escaped = escapedName(key);
    const field = declTypeOf(property, isEmbedded(property), `${name}.${escaped ?? key}`);
    if (field === undefined) continue;
    if (escaped !== undefined) fields.set(escaped, field);
    if (required.has(key) && property.default === undefined) bytesMin += key.length + field.bytesMin + 4;
  }
  return { type: struct(name), bytesMin, countMax: 0, fields, schema };
}

const DATE_BYTES = 12;
const TIME_BYTES_MIN = 21;
const TIME_BYTES_MAX = 32;

function textDecl(schema: JsonSchema): DeclType {
  const { format, maxLength, enum: values = [] } = schema;
  switch (format) {
    case "byte":
      return { type: BYTES, bytesMin: 2, countMax: textMax(maxLength, 1), schema };
    case "duration":
      return { type: DURATION, bytesMin: 3, countMax: TIME_BYTES_MAX, schema };
    case "date":
      return { type: TIMESTAMP, bytesMin: DATE_BYTES, countMax: DATE_BYTES, schema };
    case "date-time":
      return { type: TIMESTAMP, bytesMin: TIME_BYTES_MIN, countMax: TIME_BYTES_MAX, schema };
    default: {
      const lengths = values.map((value) => (typeof value === "string" ? Buffer.byteLength(value) : 0));
      const isOneOf = maxLength === undefined && values.length > 0;
      return { type: STRING, bytesMin: 2, countMax: isOneOf ? Math.max(...lengths) : textMax(maxLength, 4), schema };
    }
  }
}

/** Lengths are said in characters and counted in bytes. */
function textMax(lengthMax: number | undefined, bytesEach: number): number {
  return lengthMax === undefined ? REQUEST_BYTES_MAX - 2 : atLeastZero(lengthMax) * bytesEach;
}

/** The fields of all objects in it, by the names of their types. */
export function structsOf(decl: DeclType): Record<string, StructFields> {
  const structs: Record<string, StructFields> = {};
  const collect = ({ type, fields, items }: DeclType): void => {
    if (fields) {
      structs[type.name] = Object.fromEntries([...fields].map(([name, field]) => [name, field.type]));
      for (const field of fields.values()) collect(field);
    }
    if (items) collect(items);
  };
  collect(decl);
  return structs;
}

/** How large what a path leads to can be: `self`, then fields, `@items`, `@keys`, `@values`. Undefined when nobody knows. */
export function declSize(root: DeclType, path: readonly string[]): number | undefined {
  if (path.length === 0) return undefined;
  let decl: DeclType | undefined = root;
  for (const name of path.slice(1)) {
    if (name === "@items" || name === "@values") decl = decl.items;
    else decl = name === "@keys" ? decl.keys : decl.fields?.get(name);
    if (decl === undefined) return undefined;
  }
  return decl.countMax;
}
