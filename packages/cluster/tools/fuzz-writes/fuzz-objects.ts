import assert from "node:assert/strict";
import { builtInKinds } from "../../src/kinds/index.ts";
import type { Kind } from "../../src/kinds/index.ts";
import { cloneJson, equalJson } from "../../src/object/json-value.ts";
import type { KubeObject } from "../../src/object/kube-object.ts";
import { apiVersionOf } from "../../src/kinds/index.ts";
import { DecodeError, decodeStrictly, schemaLibrary } from "../../src/schema/index.ts";
import { Dice } from "./dice.ts";
import { randomValue } from "./random-object.ts";

const requester = { name: "somebody", groups: ["system:authenticated"] };
const now = new Date("2026-01-02T03:04:05Z");

/**
 * Sends objects of every kind through the strict decoder, the defaults, the preparation and the validation of creates and updates, and
 * shows them in columns: only errors of our own may come of it, what was decoded stays as it is when it is decoded again, and what was
 * completed is complete.
 */
export function fuzzObjects(inputs: number, seed: number): void {
  const dice = new Dice(seed);
  for (let index = 0; index < inputs; index += 1) {
    const state = dice.state;
    const kind = dice.pick(builtInKinds);
    try {
      fuzzKind(kind, dice);
    } catch (error) {
      throw new Error(`input ${index} of seed ${seed}, a ${kind.kind} (alone: seed ${state})`, { cause: error });
    }
  }
}

function fuzzKind(kind: Kind, dice: Dice): void {
  const object = decoded(kind, textOf(kind, dice), dice);
  if (!object) return;
  const { strategy } = kind;
  strategy.setDefaults(object);
  const completed = cloneJson(object);
  strategy.setDefaults(completed);
  assert.ok(equalJson(completed, object), "defaults of what is complete change nothing");
  const current = cloneJson(object);
  current.metadata.uid = "0a1b2c3d-0000-4000-8000-000000000001";
  current.metadata.creationTimestamp = "2026-01-02T03:04:05Z";
  strategy.prepareForCreate(current, requester);
  for (const { message, field } of strategy.validate(current)) assert.ok(message !== "" && field !== undefined);
  strategy.warnings(current, undefined);
  const other = decoded(kind, textOf(kind, dice), dice) ?? object;
  strategy.setDefaults(other);
  const next = cloneJson(other);
  strategy.prepareForUpdate(next, cloneJson(current));
  strategy.validateUpdate(next, current);
  strategy.warnings(next, current);
  const status = cloneJson(other);
  strategy.prepareForStatusUpdate(status, cloneJson(current));
  strategy.validateStatusUpdate(status, current);
  for (const { cell } of kind.columns) cell(current, now);
  for (const select of Object.values(kind.selectableFields)) assert.equal(typeof select(current), "string");
}

function textOf(kind: Kind, dice: Dice): string {
  const value = randomValue(dice, schemaLibrary, kind.schema) as object;
  const text = JSON.stringify({ ...value, kind: kind.kind, apiVersion: apiVersionOf(kind) });
  if (dice.below(10) > 0) return text;
  // Something is lost, or there twice.
  const [from, to] = [dice.below(text.length), dice.below(text.length)].toSorted((left, right) => left - right);
  return dice.below(2) === 0 ? text.slice(0, from) + text.slice(to) : text.slice(0, to) + text.slice(from);
}

function decoded(kind: Kind, text: string, dice: Dice): KubeObject | undefined {
  try {
    const { object } = decodeStrictly(kind.schema, text, { typeName: kind.kind });
    const again = decodeStrictly(kind.schema, JSON.stringify(object), { typeName: kind.kind });
    assert.deepEqual(again.problems, [], "what was decoded has nothing unknown");
    assert.ok(equalJson(again.object, object), "what was decoded stays as it is");
    const typed = object as unknown as KubeObject;
    typed.metadata = typeof typed.metadata === "object" && typed.metadata !== null ? { ...typed.metadata } : {};
    typed.metadata.name ??= dice.below(2) === 0 ? "a" : "A_b";
    return typed;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
