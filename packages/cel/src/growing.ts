import type { CallExpr, Expr } from "./ast.ts";
import { ACCUMULATOR } from "./macros.ts";
import { fails } from "./cel-error.ts";
import { CelMap, isList } from "./value.ts";
import type { Value } from "./value.ts";

/** Lists and maps that a fold is still making. Nobody else can see them, so that they grow in place: copying each would take squared time. */
const growing = new WeakSet<object>();

/** An empty list or map for a fold whose steps add to it; undefined for other folds. */
export function startGrowing(initial: Expr, accumulator: string): Value[] | CelMap | undefined {
  if (accumulator !== ACCUMULATOR) return undefined;
  const isEmptyList = initial.kind === "list" && initial.items.length === 0;
  const isEmptyMap = initial.kind === "map" && initial.entries.length === 0;
  if (!isEmptyList && !isEmptyMap) return undefined;
  const made = isEmptyList ? [] : new CelMap();
  growing.add(made);
  return made;
}

/** From now on it is a value like others. */
export function stopGrowing(made: object): void {
  growing.delete(made);
}

/** Whether a call may add to what a fold makes. */
export function isGrowth({ name, args }: CallExpr): boolean {
  const [first] = args;
  return (name === "_+_" || name === "cel.@mapInsert") && first?.kind === "ident" && first.name === ACCUMULATOR;
}

/** Adds in place; undefined when it is no list or map that is being made. */
export function grown([made, ...added]: readonly Value[]): Value | undefined {
  if (typeof made !== "object" || made === null || !growing.has(made)) return undefined;
  if (made instanceof CelMap) {
    const [key, value] = added;
    if (key instanceof CelMap && value === undefined)
      for (const [name, item] of key.entries()) insert(made, name, item);
    else insert(made, key ?? null, value ?? null);
    return made;
  }
  const [items] = added;
  if (items === undefined || !isList(items)) return undefined;
  for (const item of items) (made as Value[]).push(item);
  return made;
}

function insert(map: CelMap, key: Value, value: Value): void {
  if (map.has(key)) throw fails(`insert failed: key ${typeof key === "string" ? key : String(key)} already exists`);
  map.add(key, value);
}
