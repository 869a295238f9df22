import { fails } from "../cel-error.ts";
import { optionalOf, typeParam } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { OPTIONAL_MACROS } from "../macros.ts";
import { overload } from "../signature.ts";
import { CelMap, Duration, isList, NONE, Optional, Timestamp, Uint } from "../value.ts";
import type { Value } from "../value.ts";
import { noSuchOverload } from "../cel-error.ts";

function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanoseconds === 0n;
  if (value instanceof Timestamp) return value.nanoseconds === -62_135_596_800_000_000_000n;
  if (value instanceof CelMap) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return isList(value) && value.length === 0;
}

function contentOf(optional: Value | undefined): Value {
  const value = optional instanceof Optional ? optional.value : undefined;
  if (value === undefined) throw fails("optional.none() dereference");
  return value;
}

function optionalAt(container: Value | undefined, key: Value | undefined): Optional {
  const target = container instanceof Optional ? container.value : container;
  if (target === undefined || key === undefined) return NONE;
  let value: Value | undefined;
  if (target instanceof CelMap) value = target.get(key);
  else if (isList(target) && typeof key === "bigint") value = key < 0n ? undefined : target[Number(key)];
  else throw noSuchOverload();
  return value === undefined ? NONE : new Optional(value);
}

/** Through an optional, an index gives an optional. */
function indexThrough(optional: Value | undefined, key: Value | undefined): Optional {
  return optionalAt(optional, key);
}

function unreachable(): Value {
  throw noSuchOverload();
}

/** Values that may be absent. */
export const OPTIONALS: Library = {
  name: "optional",
  types: [optionalOf(typeParam("V"))],
  macros: OPTIONAL_MACROS,
  overloads: [
    overload("optional.of(A): optional(A)", (value) => new Optional(value)),
    overload("optional.ofNonZeroValue(A): optional(A)", (value) =>
      isZero(value ?? null) ? NONE : new Optional(value),
    ),
    overload("optional.none(): optional(A)", () => NONE),
    overload("optional(A)::value(): A", contentOf),
    overload(
      "optional(A)::hasValue(): bool",
      (optional) => optional instanceof Optional && optional.value !== undefined,
    ),
    overload("optional(A)::or(optional(A)): optional(A)", unreachable),
    overload("optional(A)::orValue(A): A", unreachable),
    overload("_[?_](list(A), int): optional(A)", optionalAt),
    overload("_[?_](optional(list(A)), int): optional(A)", optionalAt),
    overload("_[?_](map(A, B), A): optional(B)", optionalAt),
    overload("_[?_](optional(map(A, B)), A): optional(B)", optionalAt),
    overload("_[_](optional(list(A)), int): optional(A)", indexThrough),
    overload("_[_](optional(map(A, B)), A): optional(B)", indexThrough),
  ],
};
