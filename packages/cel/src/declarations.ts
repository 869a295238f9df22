import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf,
  mapOf,
  NULL,
  STRING,
  struct,
  TIMESTAMP,
  TYPE,
  typeOf,
  typeParam,
  UINT,
} from "./cel-type.ts";
import type { CelType } from "./cel-type.ts";
import type { Reference } from "./checker.ts";
import type { Macros } from "./macros.ts";
import type { Overload } from "./signature.ts";

/** A set of functions, macros and types that belong together. */
export interface Library {
  readonly name: string;
  readonly overloads?: readonly Overload[];
  readonly macros?: Macros;
  /** Types that expressions can name. */
  readonly types?: readonly CelType[];
}

export type StructFields = Readonly<Record<string, CelType>>;

/** What expressions may speak of. */
export interface Declarations {
  /** The prefix in which names are looked up first. */
  readonly container: string;
  /** Whether all items of a written list or map must have one type. */
  readonly homogeneous: boolean;
  readonly structs: ReadonlyMap<string, StructFields>;
  readonly findIdent: (name: string) => { readonly type: CelType; readonly reference: Reference } | undefined;
  readonly findFunction: (name: string) => readonly Overload[] | undefined;
}

export interface DeclarationSource {
  readonly container?: string;
  readonly homogeneous?: boolean;
  readonly variables: Readonly<Record<string, CelType>>;
  readonly structs: Readonly<Record<string, StructFields>>;
  readonly libraries: readonly Library[];
}

const TYPES: readonly CelType[] = [
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf(typeParam("A")),
  mapOf(typeParam("A"), typeParam("B")),
  NULL,
  STRING,
  TIMESTAMP,
  TYPE,
  UINT,
];

export function declare(source: DeclarationSource): Declarations {
  const { container = "", homogeneous = false, variables, structs, libraries } = source;
  const functions = new Map<string, Overload[]>();
  for (const overload of libraries.flatMap((library) => library.overloads ?? [])) {
    const known = functions.get(overload.name);
    if (known === undefined) functions.set(overload.name, [overload]);
    else known.push(overload);
  }
  const types = new Map<string, CelType>();
  const named = [...TYPES, ...libraries.flatMap((library) => library.types ?? []), ...Object.keys(structs).map(struct)];
  for (const type of named) types.set(type.name, type);
  return {
    container,
    homogeneous,
    structs: new Map(Object.entries(structs)),
    findFunction: (name) => firstOf(container, name, (candidate) => functions.get(candidate)),
    findIdent: (name) =>
      firstOf(container, name, (candidate) => {
        const variable = Object.hasOwn(variables, candidate) ? variables[candidate] : undefined;
        if (variable !== undefined) return { type: variable, reference: { kind: "variable", name: candidate } };
        const type = types.get(candidate);
        return type === undefined ? undefined : { type: typeOf(type), reference: { kind: "type", type } };
      }),
  };
}

/** In the container `a.b` the name `x` is `a.b.x`, or else `a.x`, or else `x`. */
function firstOf<T>(container: string, name: string, find: (candidate: string) => T | undefined): T | undefined {
  if (name.startsWith(".")) return find(name.slice(1));
  const parts = container === "" ? [] : container.split(".");
  for (let length = parts.length; length >= 0; length -= 1) {
    const found = find([...parts.slice(0, length), name].join("."));
    if (found !== undefined) return found;
  }
  return undefined;
}
