import type { Dice } from "./dice.ts";
import { edited, isMap, stepsOf, valueAt, type Edit, type JsonMap, type Steps } from "./edit.ts";
import { placesOf } from "./mutations.ts";
import { shapeAt, type Shape } from "./shapes.ts";

/** The edits as operations, now and then with others that mean little. */
export function jsonPatchOf(dice: Dice, object: unknown, edits: readonly Edit[]): unknown {
  const operations = edits.map((edit) => {
    const path = pointer(stepsOf(edit));
    if ("remove" in edit) return { op: "remove", path };
    if ("repeat" in edit) return { op: "copy", from: path, path };
    const isThere = valueAt(object, edit.set) !== undefined;
    return { op: isThere || dice.oneIn(8) ? "replace" : "add", path, value: edit.to };
  });
  if (!dice.oneIn(3)) return operations;
  const places = placesOf(object);
  const place = (): string => pointer(dice.pick(places) ?? []);
  const extra = dice.pick([
    { op: "test", path: place(), value: valueAt(object, dice.pick(places) ?? []) },
    { op: "move", from: place(), path: place() },
    { op: "copy", from: place(), path: place() },
    { op: "remove", path: `${place()}/nope` },
    { op: "add", path: `${place()}/-`, value: "a" },
    { op: "add", path: `${place()}/0`, value: { name: "a" } },
    { op: "replace", path: `${place()}/nope/nope`, value: 1 },
    { op: "odd", path: place() },
    { op: "add", path: place() },
    { op: "test", path: place(), value: null },
    { path: place(), value: 1 },
  ]);
  return dice.oneIn(2) ? [...operations, extra] : [extra, ...operations];
}

function pointer(steps: Steps): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What has to be said to come to the edited object, as RFC 7396 has it. */
export function mergePatchOf(object: JsonMap, edits: readonly Edit[]): unknown {
  return changes(object, edited(object, edits));
}

function changes(from: unknown, to: unknown): unknown {
  if (!isMap(from) || !isMap(to)) return to;
  const patch: JsonMap = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (!Object.hasOwn(to, key)) patch[key] = null;
    else if (JSON.stringify(from[key]) !== JSON.stringify(to[key])) patch[key] = changes(from[key], to[key]);
  }
  return patch;
}

export interface StrategicChoice {
  readonly object: JsonMap;
  readonly shape: Shape;
  readonly edits: readonly Edit[];
}

/** Each edit on its own way down; items of lists are named by their keys; now and then a directive. */
export function strategicPatchOf(dice: Dice, { object, shape, edits }: StrategicChoice): unknown {
  let patch: unknown = {};
  const goal = edited(object, edits);
  for (const edit of edits) {
    const steps = stepsOf(edit);
    const { way, item } = wayTo(object, shape, steps);
    const value = "remove" in edit ? (item ? { ...item, $patch: "delete" } : null) : valueAt(goal, way);
    patch = edited(patch, [{ set: way.map((step) => (typeof step === "number" ? 0 : step)), to: value }]);
  }
  return dice.oneIn(3) ? withDirective(dice, patch, object) : patch;
}

/** Down to the first list: what is below it is told as a whole item, with its key. */
function wayTo(object: unknown, shape: Shape, steps: Steps): { way: Steps; item?: JsonMap } {
  const index = steps.findIndex((step) => typeof step === "number");
  if (index === -1) return { way: steps };
  const way = steps.slice(0, index + 1);
  const keys = shapeAt(shape, steps.slice(0, index))?.mergeKeys ?? [];
  const item = valueAt(object, way);
  const isWhole = index === steps.length - 1 && keys.length > 0 && isMap(item);
  if (!isWhole) return { way };
  return { way, item: Object.fromEntries(keys.map((key) => [key, item[key]])) };
}

function withDirective(dice: Dice, patch: unknown, object: JsonMap): unknown {
  const places = placesOf(patch).filter((steps) => isMap(valueAt(patch, steps)));
  const place = dice.pick(places) ?? [];
  const names = Object.keys(valueAt(object, place) ?? {});
  const name = dice.pick(names) ?? "a";
  const directive = dice.pick([
    { $patch: "replace" },
    { $patch: "delete" },
    { $patch: "merge" },
    { $patch: "odd" },
    { $retainKeys: names.slice(0, 1) },
    { $retainKeys: [...names, "nope"] },
    { $retainKeys: "a" },
    { [`$setElementOrder/${name}`]: [{ name: "b" }, { name: "a" }] },
    { [`$setElementOrder/${name}`]: ["a", "b"] },
    { [`$setElementOrder/${name}`]: [] },
    { [`$deleteFromPrimitiveList/${name}`]: ["a"] },
    { [`$deleteFromPrimitiveList/${name}`]: "a" },
  ]);
  const value = valueAt(patch, place);
  return edited(patch, [{ set: place, to: { ...(isMap(value) ? value : {}), ...directive } }]);
}
