/** A type of the language. Types are values too: `type(1) == int`. */
export interface CelType {
  readonly kind: TypeKind;
  readonly name: string;
  readonly params: readonly CelType[];
}

export type TypeKind =
  | "bool"
  | "bytes"
  | "double"
  | "duration"
  | "dyn"
  | "error"
  | "int"
  | "list"
  | "map"
  | "null"
  | "opaque"
  | "param"
  | "string"
  | "struct"
  | "timestamp"
  | "type"
  | "uint";

function simple(kind: TypeKind, name: string): CelType {
  return { kind, name, params: [] };
}

export const BOOL: CelType = simple("bool", "bool");
export const BYTES: CelType = simple("bytes", "bytes");
export const DOUBLE: CelType = simple("double", "double");
export const DURATION: CelType = simple("duration", "google.protobuf.Duration");
export const DYN: CelType = simple("dyn", "dyn");
export const ERROR: CelType = simple("error", "*error*");
export const INT: CelType = simple("int", "int");
export const NULL: CelType = simple("null", "null_type");
export const STRING: CelType = simple("string", "string");
export const TIMESTAMP: CelType = simple("timestamp", "google.protobuf.Timestamp");
export const TYPE: CelType = simple("type", "type");
export const UINT: CelType = simple("uint", "uint");

export function listOf(items: CelType): CelType {
  return { kind: "list", name: "list", params: [items] };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: "map", name: "map", params: [key, value] };
}

export function typeOf(type: CelType): CelType {
  return { kind: "type", name: "type", params: [type] };
}

export function opaque(name: string, ...params: readonly CelType[]): CelType {
  return { kind: "opaque", name, params };
}

export function optionalOf(type: CelType): CelType {
  return opaque("optional_type", type);
}

export function struct(name: string): CelType {
  return simple("struct", name);
}

export function typeParam(name: string): CelType {
  return simple("param", name);
}

export function isOptional(type: CelType): boolean {
  return type.kind === "opaque" && type.name === "optional_type";
}

/** As messages name it. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case "duration":
      return "duration";
    case "timestamp":
      return "timestamp";
    case "error":
      return "!error!";
    case "null":
      return "null";
    default:
      return type.params.length === 0 ? type.name : `${type.name}(${type.params.map(typeText).join(", ")})`;
  }
}

export function sameType(left: CelType, right: CelType): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind || left.name !== right.name || left.params.length !== right.params.length) return false;
  return left.params.every((param, index) => sameType(param, right.params[index] ?? DYN));
}
