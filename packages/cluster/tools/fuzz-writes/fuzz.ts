import assert from "node:assert/strict";
import { decodeFields, encodeFields } from "../../src/apply/fields-v1.ts";
import { ApplyError, serverSideApply, trackUpdate } from "../../src/apply/index.ts";
import { cloneJson, equalJson, isJsonObject } from "../../src/object/json-value.ts";
import type { KubeObject } from "../../src/object/kube-object.ts";
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, PatchError } from "../../src/patch/index.ts";
import { Dice } from "./dice.ts";
import type { ObjectSchema, SchemaLibrary } from "../../src/schema/schema.ts";

/**
 * Feeds patches, configurations and field sets that nobody would write, and holds the results against what must always be true: only errors of our own,
 * inputs untouched, nothing inherited from prototypes, and the same again when done again.
 */
export function fuzzWrites(inputs: number, seed: number): void {
  const dice = new Dice(seed);
  for (let index = 0; index < inputs; index += 1) {
    const state = dice.state;
    try {
      dice.pick(CHECKS)(dice);
    } catch (error) {
      throw new Error(`input ${index} of seed ${seed} (alone: seed ${state})`, { cause: error });
    }
  }
}

const CHECKS: readonly ((dice: Dice) => void)[] = [fuzzJsonPatch, fuzzMergePatch, fuzzStrategic, fuzzApply, fuzzFields];

const TEXT = { type: "string" } as const;
const SPEC: ObjectSchema = {
  type: "object",
  fields: {
    a: TEXT,
    b: { type: "integer" },
    set: { type: "list", listType: "set", items: TEXT, patchStrategy: "merge" },
    list: { type: "list", listType: "atomic", items: TEXT },
    items: {
      type: "list",
      listType: "map",
      listKeys: ["k"],
      patchStrategy: "merge,retainKeys",
      patchMergeKey: "k",
      items: { ref: "Spec" },
    },
    map: { type: "map", values: { ref: "Spec" }, patchStrategy: "retainKeys" },
    whole: { type: "map", values: TEXT, atomic: true, patchStrategy: "replace" },
    free: { type: "any" },
    k: TEXT,
  },
};
const ROOT: ObjectSchema = {
  type: "object",
  custom: true,
  fields: { apiVersion: TEXT, kind: TEXT, metadata: { type: "any" }, spec: { ref: "Spec" } },
};
const LIBRARY: SchemaLibrary = { resolve: (ref) => ("ref" in ref ? SPEC : ref) };

const KEYS = [
  "a",
  "b",
  "set",
  "list",
  "items",
  "map",
  "whole",
  "free",
  "k",
  "$patch",
  "$retainKeys",
  "$setElementOrder/items",
  "$setElementOrder/set",
  "$deleteFromPrimitiveList/set",
  "$setElementOrder",
  "$deleteFromPrimitiveList",
  "__proto__",
  "constructor",
  "",
  "~1/",
  "-",
];
const SCALARS = [
  "",
  "x",
  "y",
  "delete",
  "replace",
  "merge",
  0,
  1,
  -1,
  1.5,
  1e300,
  true,
  false,
  null,
  "\ud800",
  "é",
  "<&>",
];

function value(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth <= 0 ? 4 : 10);
  if (kind < 4) return dice.pick(SCALARS);
  if (kind < 6) return Array.from({ length: dice.below(4) }, () => value(dice, depth - 1));
  return object(dice, depth);
}

function object(dice: Dice, depth: number): Record<string, unknown> {
  const text = Array.from(
    { length: dice.below(4) },
    () => `${JSON.stringify(dice.pick(KEYS))}:${JSON.stringify(value(dice, depth - 1))}`,
  );
  return JSON.parse(`{${text.join(",")}}`) as Record<string, unknown>;
}

/** A value that fits its schema, mostly. */
function fitting(dice: Dice, depth: number): Record<string, unknown> {
  const spec: Record<string, unknown> = {};
  const names = Array.from({ length: dice.below(5) }, () =>
    dice.pick(["a", "b", "set", "list", "items", "map", "whole", "free"]),
  );
  for (const name of names) {
    const nested = (): Record<string, unknown> => (depth > 0 ? fitting(dice, depth - 1) : {});
    const texts = (): string[] => ["p", "q", "r", "s"].filter(() => dice.below(2) === 0);
    const made: Record<string, () => unknown> = {
      a: () => dice.pick(["x", "y"]),
      b: () => dice.below(3),
      set: texts,
      list: texts,
      items: () => texts().map((key) => ({ k: key, ...nested() })),
      map: () => Object.fromEntries(texts().map((key) => [key, nested()])),
      whole: () => Object.fromEntries(texts().map((key) => [key, "x"])),
      free: () => value(dice, 2),
    };
    spec[name] = dice.below(40) === 0 ? value(dice, 2) : made[name]?.();
  }
  return spec;
}

function kubeObject(dice: Dice): KubeObject {
  return { apiVersion: "v1", kind: "Fuzz", metadata: { name: "x", uid: "u" }, spec: fitting(dice, 2) };
}

/** Runs it twice: nothing it was given may change, and its answer may not depend on what happened before. */
function run<T>(inputs: unknown, act: () => T): T | undefined {
  const before = cloneJson(inputs);
  try {
    const first = act();
    assert.ok(equalJson(inputs, before), "an argument was changed");
    assert.ok(equalJson(first, act()), "the second answer differs");
    assert.equal(({} as Record<string, unknown>)["x"], undefined, "a prototype was changed");
    JSON.stringify(first);
    return first;
  } catch (error) {
    if (error instanceof PatchError || error instanceof ApplyError) return undefined;
    throw error;
  }
}

const POINTERS = [
  "",
  "/spec",
  "/spec/a",
  "/spec/items/0",
  "/spec/items/-",
  "/spec/items/-1",
  "/spec/set/9",
  "/spec/map/p",
  "/spec/__proto__",
  "/__proto__/x",
  "/constructor/prototype/x",
  "/spec/~0~1",
  "spec",
  "/spec/set/99999999999999999999",
  "/spec/set/+0",
  "//",
  "/spec/free/a",
];

function fuzzJsonPatch(dice: Dice): void {
  const live = kubeObject(dice);
  const operation = (): unknown =>
    dice.below(20) === 0
      ? value(dice, 2)
      : {
          op: dice.pick(["add", "remove", "replace", "move", "copy", "test", "x", 1]),
          path: dice.pick(POINTERS),
          from: dice.pick(POINTERS),
          value: value(dice, 2),
        };
  const patch = dice.below(50) === 0 ? value(dice, 2) : Array.from({ length: dice.below(4) }, operation);
  run({ live, patch }, () => applyJsonPatch(live, patch));
}

function fuzzMergePatch(dice: Dice): void {
  const live = kubeObject(dice);
  const patch =
    dice.below(20) === 0 ? value(dice, 2) : { spec: dice.below(2) === 0 ? value(dice, 3) : fitting(dice, 2) };
  const patched = run({ live, patch }, () => applyMergePatch(live, patch));
  if (patched === undefined || Array.isArray(patch)) return;
  const settled = applyMergePatch(patched, patch);
  assert.ok(equalJson(applyMergePatch(settled, patch), settled), "patching again and again changes something");
}

function fuzzStrategic(dice: Dice): void {
  const live = kubeObject(dice) as Record<string, unknown>;
  const patch =
    dice.below(20) === 0 ? value(dice, 3) : { spec: dice.below(2) === 0 ? object(dice, 3) : fitting(dice, 2) };
  run({ live, patch }, () => applyStrategicMergePatch(live, patch, ROOT, LIBRARY));
}

function fuzzApply(dice: Dice): void {
  const common = { schema: ROOT, library: LIBRARY, apiVersion: "v1", kind: "Fuzz", now: new Date(0) };
  let live = trackUpdate({ ...common, manager: "first", live: undefined, next: kubeObject(dice) });
  for (let step = 0; step < 2; step += 1) {
    const applied: KubeObject = {
      apiVersion: "v1",
      kind: "Fuzz",
      metadata: { name: "x" },
      spec: dice.below(8) === 0 ? value(dice, 3) : fitting(dice, 2),
    };
    const apply = (object: KubeObject) =>
      serverSideApply({ ...common, manager: "applier", live: object, applied, force: true });
    const before = live;
    const result = run({ live, applied }, () => apply(before));
    if (result?.kind !== "applied") continue;
    // What becomes empty is null at first, as in the real server; the next apply takes that away, with what is around it when it is all that is
    // there, and the one after it makes that anew. Then nothing may change any more.
    const emptied = apply(result.object);
    assert.ok(emptied.kind === "applied", "what was applied by force now conflicts");
    const settled = apply(emptied.object);
    const again = settled.kind === "applied" ? apply(settled.object) : settled;
    assert.ok(again.kind === "applied" && settled.kind === "applied", "what was applied by force now conflicts");
    // An object nobody owns a field of is owned by "before-first-apply" at the next apply.
    const isOwned = settled.object.metadata?.managedFields !== undefined;
    assert.ok(!isOwned || equalJson(again.object, settled.object), "applying again and again changes something");
    live = result.object;
    const next = { ...live, spec: fitting(dice, 2) };
    live = run({ live, next }, () => trackUpdate({ ...common, manager: "other", live: result.object, next })) ?? live;
  }
}

const STEPS = [
  "f:a",
  "f:",
  "f:b",
  'k:{"k":"x"}',
  'k:{"b":1,"a":"<"}',
  'k:{"a":"<","b":1}',
  'v:"x"',
  "v:1",
  "v:1.0",
  "v:null",
  "i:0",
  "i:-1",
  "i:x",
  "z:1",
  "k:",
  "v:{",
  "",
  ".",
  "f",
  "f:__proto__",
  "k:[]",
  'v:{"a":[1]}',
];

function fuzzFields(dice: Dice): void {
  const tree = (depth: number): unknown => {
    if (dice.below(30) === 0) return value(dice, 1);
    const entries = Array.from({ length: dice.below(depth) }, () => [dice.pick(STEPS), tree(depth - 1)]);
    return Object.fromEntries(entries) as unknown;
  };
  const source = tree(5);
  try {
    const encoded = encodeFields(decodeFields(source));
    assert.deepEqual(encodeFields(decodeFields(encoded)), encoded);
    assert.ok(isJsonObject(encoded));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
