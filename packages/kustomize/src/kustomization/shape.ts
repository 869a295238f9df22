import { KustomizeError } from "../kustomize-error.ts";
import { goQuote } from "../node/go-json.ts";

/**
 * Typed reading of a decoded document the way Go's encoding/json fills a struct: keys in any case, null is nothing, the first
 * wrong type or unknown field is the error.
 */
export interface Shape<Value> {
  /** The Go type, for messages. */
  readonly type: string;
  read(value: unknown, place: Place): Value | undefined;
}

export interface Place {
  /** The struct that holds the field, and the fields down to it. */
  readonly struct: string;
  readonly path: string;
  /** Unknown fields are an error. */
  readonly strict: boolean;
}

function typeName(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return "number";
  return typeof value;
}

function mismatch(value: unknown, type: string, place: Place): KustomizeError {
  const field = place.path === "" ? "Go value" : `Go struct field ${place.struct}.${place.path}`;
  return new KustomizeError("kustomization", `json: cannot unmarshal ${typeName(value)} into ${field} of type ${type}`);
}

function scalar<Value>(type: string, is: (value: unknown) => value is Value): Shape<Value> {
  return {
    type,
    read(value, place) {
      if (value === null || value === undefined) return undefined;
      if (is(value)) return value;
      throw mismatch(value, type, place);
    },
  };
}

export const text = scalar("string", (value): value is string => typeof value === "string");
export const flag = scalar("bool", (value): value is boolean => typeof value === "boolean");
export const anything: Shape<unknown> = { type: "interface {}", read: (value) => value };

function integerShape(type: string): Shape<number> {
  return {
    type,
    read(value, place) {
      if (value === null || value === undefined) return undefined;
      if (typeof value === "bigint") return Number(value);
      if (typeof value === "number" && Number.isInteger(value)) return value;
      if (typeof value === "number") {
        throw new KustomizeError(
          "kustomization",
          `json: cannot unmarshal number ${value} into Go struct field ${place.struct}.${place.path} of type ${type}`,
        );
      }
      throw mismatch(value, type, place);
    },
  };
}

export const integer = integerShape("int");
export const integer64 = integerShape("int64");

export function list<Value>(of: Shape<Value>, empty: Value): Shape<Value[]> {
  const type = `[]${of.type}`;
  return {
    type,
    read(value, place) {
      if (value === null || value === undefined) return undefined;
      if (!Array.isArray(value)) throw mismatch(value, type, place);
      return value.map((item) => of.read(item, place) ?? empty);
    },
  };
}

export function mapOf<Value>(of: Shape<Value>, empty: Value): Shape<Record<string, Value>> {
  const type = `map[string]${of.type}`;
  return {
    type,
    read(value, place) {
      if (value === null || value === undefined) return undefined;
      if (typeof value !== "object" || Array.isArray(value)) throw mismatch(value, type, place);
      const entries = Object.entries(value).map(([key, item]) => [key, of.read(item, place) ?? empty] as const);
      return Object.fromEntries(entries);
    },
  };
}

export type Fields = Readonly<Record<string, Shape<unknown>>>;
export type Struct<Shapes extends Fields> = {
  [Key in keyof Shapes]?: Shapes[Key] extends Shape<infer Value> ? Value : never;
};

/**
 * A struct. `name` is the Go type; fields are read in the order of the document's sorted keys, as Go sees them. `embedded` names
 * the embedded Go structs that fields belong to, which messages show.
 */
export function struct<Shapes extends Fields>(
  name: string,
  fields: Shapes,
  embedded: Readonly<Record<string, string>> = {},
): Shape<Struct<Shapes>> {
  const byLowerCase = new Map(Object.keys(fields).map((field) => [field.toLowerCase(), field]));
  return {
    type: name.includes(".") ? name : `types.${name}`,
    read(value, place) {
      if (value === null || value === undefined) return undefined;
      if (typeof value !== "object" || Array.isArray(value)) throw mismatch(value, this.type, place);
      const result: Struct<Shapes> = {};
      for (const [key, item] of Object.entries(value)) {
        const field: keyof Shapes | undefined = Object.hasOwn(fields, key) ? key : byLowerCase.get(key.toLowerCase());
        const shape = field === undefined ? undefined : fields[field];
        if (field === undefined || shape === undefined) {
          if (place.strict) throw new KustomizeError("kustomization", `json: unknown field ${goQuote(key)}`);
          continue;
        }
        const own = `${embedded[String(field)] ?? ""}${String(field)}`;
        const path = place.path === "" ? own : `${place.path}.${own}`;
        const read = shape.read(item, { ...place, struct: name, path });
        if (read !== undefined) Object.assign(result, { [field]: read });
      }
      return result;
    },
  };
}
