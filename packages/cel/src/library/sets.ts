import { fails } from "../cel-error.ts";
import type { Library } from "../declarations.ts";
import { BINDING_MACROS, TWO_VARIABLE_MACROS } from "../macros.ts";
import { overload } from "../signature.ts";
import { CelMap, equalValues } from "../value.ts";
import type { Value } from "../value.ts";
import { keyText } from "./arithmetic.ts";

type List = readonly Value[];

function includesAll(list: List, items: List): boolean {
  return items.every((item) => list.some((member) => equalValues(member, item)));
}

/** Lists as sets. */
export const SETS: Library = {
  name: "sets",
  overloads: [
    overload("sets.contains(list(A), list(A)): bool", (list, items) => includesAll(list as List, items as List)),
    overload("sets.equivalent(list(A), list(A)): bool", (left, right) => {
      return includesAll(left as List, right as List) && includesAll(right as List, left as List);
    }),
    overload("sets.intersects(list(A), list(A)): bool", (left, right) => {
      return (left as List).some((item) => (right as List).some((other) => equalValues(item, other)));
    }),
  ],
};

function inserted(map: Value | undefined, entries: readonly (readonly [Value, Value])[]): CelMap {
  const target = map instanceof CelMap ? map : new CelMap();
  for (const [key] of entries) if (target.has(key)) throw fails(`insert failed: key ${keyText(key)} already exists`);
  return new CelMap([...target.entries(), ...entries]);
}

/** Macros with a variable for the position or key and one for the value. */
export const TWO_VARIABLE_COMPREHENSIONS: Library = {
  name: "two-variable comprehensions",
  macros: TWO_VARIABLE_MACROS,
  overloads: [
    overload("cel.@mapInsert(map(A, B), A, B): map(A, B)", (map, key, value) =>
      inserted(map, [[key ?? null, value ?? null]]),
    ),
    overload("cel.@mapInsert(map(A, B), map(A, B)): map(A, B)", (map, entries) => {
      return inserted(map, entries instanceof CelMap ? [...entries.entries()] : []);
    }),
  ],
};

/** `cel.bind(name, value, expression)` */
export const BINDINGS: Library = { name: "bindings", macros: BINDING_MACROS };
