// A Go type, as far as templates can tell types apart: its name as %T prints it, its kind, and its methods.
import type { GoFunction } from "./go-function.ts";

export type IntKind = "int" | "int8" | "int16" | "int32" | "int64";
export type UintKind = "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "uintptr";
export type FloatKind = "float32" | "float64";
export type NumberKind = IntKind | UintKind | FloatKind;
export type GoKind = "invalid" | "bool" | "string" | "slice" | "map" | "struct" | "ptr" | "func" | NumberKind;

export interface GoType {
  /** As %T prints it: "[]string", "map[string]string", "common.Values", "*semver.Version", "time.Duration". */
  readonly name: string;
  readonly kind: GoKind;
  /** Slices and maps: the name of the element type; "interface {}" when absent. */
  readonly elem?: string;
  /** Named types: the unnamed type of the same shape, to which Go assigns the value without a conversion. */
  readonly underlying?: string;
  /** Structs and pointers to them: the type names of the fields, for messages. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Bound methods by name. String and Error are used by fmt as Go uses Stringer and error. */
  readonly methods?: Readonly<Record<string, (receiver: unknown) => GoFunction>>;
  /** Methods that only a pointer has: a template can call them on a field, but fmt does not see them in a copy. */
  readonly pointerMethods?: readonly string[];
}

/** Type names may be written with `any`; Go's own messages spell it `interface {}`. */
export function canonicalTypeName(name: string): string {
  return name.includes("any") ? name.replace(/\bany\b/gu, "interface {}") : name;
}

export function sliceType(elem: string): GoType {
  const canonical = canonicalTypeName(elem);
  return { name: `[]${canonical}`, kind: "slice", elem: canonical };
}

export function mapType(elem: string): GoType {
  const canonical = canonicalTypeName(elem);
  return { name: `map[string]${canonical}`, kind: "map", elem: canonical };
}

/** The method of that name, or undefined; never looks at a prototype. */
export function methodOf(type: GoType | undefined, name: string): ((receiver: unknown) => GoFunction) | undefined {
  const methods = type?.methods;
  return methods !== undefined && Object.hasOwn(methods, name) ? methods[name] : undefined;
}
