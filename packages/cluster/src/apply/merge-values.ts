import { getOwn, isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, below, memberSchema, report, startWalk } from "./atom.ts";
import type { Atom, ListAtom, MapAtom, Walk } from "./atom.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { PathElement } from "./path-element.ts";
import { problemText, scalarProblem } from "./typed-value.ts";

/**
 * Lays one value over another: leaves are taken from the upper one, nothing is ever removed, lists with keys and sets are joined and
 * follow the order of the upper one where it has a say.
 */
export function mergeValues(library: SchemaLibrary, schema: SchemaRef, lower: unknown, upper: unknown): MergeResult {
  const walk = startWalk(library);
  const merged = merge(walk, schema, lower, upper);
  const problem = problemText(walk);
  return problem === undefined ? { merged } : { problem };
}

export type MergeResult = { readonly merged: unknown } | { readonly problem: string };

/** `undefined` is absent, as argument and as result. */
function merge(walk: Walk, schema: SchemaRef, lower: unknown, upper: unknown): unknown {
  const lowerAtom = atomFor(walk.library, schema, lower);
  const upperAtom = atomFor(walk.library, schema, upper);
  if (upper === undefined) return mergeBy(walk, lowerAtom, lower, upper);
  if (lower !== undefined && lowerAtom !== upperAtom) mergeBy(walk, lowerAtom, lower, upper);
  return mergeBy(walk, upperAtom, lower, upper);
}

function mergeBy(walk: Walk, atom: Atom, lower: unknown, upper: unknown): unknown {
  switch (atom.kind) {
    case "scalar": {
      const problem = scalarProblem(atom, upper);
      if (problem === undefined || scalarProblem(atom, lower) === undefined) return leaf(lower, upper);
      report(walk, `rhs: ${problem}`);
      return undefined;
    }
    case "list":
      return mergeLists(walk, atom, lower, upper);
    default:
      return mergeMaps(walk, atom, lower, upper);
  }
}

function leaf(lower: unknown, upper: unknown): unknown {
  return upper === undefined ? lower : upper;
}

function mergeMaps(walk: Walk, atom: MapAtom, lower: unknown, upper: unknown): unknown {
  const lowerMap: JsonObject = isJsonObject(lower) ? lower : {};
  const upperMap: JsonObject = isJsonObject(upper) ? upper : {};
  const keys = new Set([...Object.keys(lowerMap), ...Object.keys(upperMap)]);
  if (atom.atomic || keys.size === 0) return leaf(lower, upper);
  const merged: JsonObject = {};
  let isEmpty = true;
  for (const key of keys) {
    const schema = memberSchema(atom, key) ?? { type: "any" };
    below(walk, fieldElement(key), () => {
      const value = merge(walk, schema, getOwn(lowerMap, key), getOwn(upperMap, key));
      if (value === undefined) return;
      setOwn(merged, key, value);
      isEmpty = false;
    });
  }
  return isEmpty ? undefined : merged;
}

function mergeLists(walk: Walk, atom: ListAtom, lower: unknown, upper: unknown): unknown {
  const lowerItems: readonly unknown[] = Array.isArray(lower) ? lower : [];
  const upperItems: readonly unknown[] = Array.isArray(upper) ? upper : [];
  if (atom.listType === "atomic" || (lowerItems.length === 0 && upperItems.length === 0)) return leaf(lower, upper);
  const merged = new ListMerge(walk, atom, lowerItems, upperItems).run();
  return merged.length > 0 ? merged : undefined;
}

/**
 * Joins two lists of items that have an identity. Items of both keep the order of the upper list; items of the lower list alone stay
 * where they are relative to those around them.
 */
class ListMerge {
  private readonly walk: Walk;
  private readonly atom: ListAtom;
  private readonly lower: IndexedList;
  private readonly upper: IndexedList;
  private readonly out: unknown[] = [];
  private readonly done = new Set<PathElement>();
  private readonly shared: PathElement[];

  constructor(walk: Walk, atom: ListAtom, lower: readonly unknown[], upper: readonly unknown[]) {
    this.walk = walk;
    this.atom = atom;
    this.upper = indexItems(walk, atom, upper, false);
    this.lower = indexItems(walk, atom, lower, true);
    this.shared = this.upper.elements.filter((element) => this.lower.byElement.has(element));
  }

  run(): readonly unknown[] {
    if (this.walk.problems.length > 0) return [];
    let left = 0;
    let right = 0;
    const { lower, upper } = this;
    while (left < lower.elements.length || right < upper.elements.length) {
      const leftElement = lower.elements[left];
      const rightElement = upper.elements[right];
      if (leftElement !== undefined && rightElement !== undefined) {
        if (leftElement === rightElement) {
          this.takeUpper(leftElement);
          this.shared.shift();
          left += 1;
          right += 1;
          continue;
        }
        // An item of both whose turn comes later: it is taken where the upper list has it.
        if (upper.byElement.has(leftElement) && this.shared[0] !== undefined && this.shared[0] !== leftElement) {
          left += 1;
          continue;
        }
      }
      if (leftElement !== undefined) {
        if (!upper.byElement.has(leftElement)) {
          this.takeLower(leftElement, left);
          left += 1;
          continue;
        }
        if (this.done.has(leftElement)) left += 1;
      }
      if (rightElement !== undefined) {
        this.takeUpper(rightElement);
        right += 1;
        if (this.shared[0] === rightElement) this.shared.shift();
      }
    }
    return this.out;
  }

  private takeUpper(element: PathElement): void {
    this.done.add(element);
    this.take(element, this.lower.byElement.get(element), this.upper.byElement.get(element));
  }

  private takeLower(element: PathElement, index: number): void {
    this.take(element, this.lower.items[index], undefined);
  }

  private take(element: PathElement, lower: unknown, upper: unknown): void {
    below(this.walk, element, () => {
      const merged = merge(this.walk, this.atom.items, lower, upper);
      if (merged !== undefined) this.out.push(merged);
    });
  }
}

interface IndexedList {
  readonly items: readonly unknown[];
  readonly elements: readonly PathElement[];
  /** An item that comes more than once is null: it is not merged with what is laid over it. */
  readonly byElement: ReadonlyMap<PathElement, unknown>;
}

function indexItems(walk: Walk, atom: ListAtom, items: readonly unknown[], allowDuplicates: boolean): IndexedList {
  const elements: PathElement[] = [];
  const byElement = new Map<PathElement, unknown>();
  for (const [index, item] of items.entries()) {
    const found = itemElement(walk.library, atom, item);
    if ("problem" in found) {
      report(walk, `element ${index}: ${found.problem}`);
      continue;
    }
    const { element } = found;
    if (byElement.has(element) && !allowDuplicates) {
      report(walk, `duplicate entries for key ${element}`);
      continue;
    }
    byElement.set(element, byElement.has(element) ? null : item);
    elements.push(element);
  }
  return { items, elements, byElement };
}
