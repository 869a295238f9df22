import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { canonicalValue, objectSchema, schemaLibrary } from "../schema/index.ts";
import type { ObjectSchema, SchemaRef } from "../schema/schema.ts";
import { emptyObject } from "./empty-object.ts";
import { encodeManagers } from "./managed-fields.ts";
import { trackChange, trackUpdate } from "./track-update.ts";

const kinds = {
  ConfigMap: "io.k8s.api.core.v1.ConfigMap",
  Deployment: "io.k8s.api.apps.v1.Deployment",
  Event: "io.k8s.api.events.v1.Event",
  NetworkPolicy: "io.k8s.api.networking.v1.NetworkPolicy",
  Pod: "io.k8s.api.core.v1.Pod",
  Service: "io.k8s.api.core.v1.Service",
};
const objectsOfEach = 120;
const depthMax = 9;

test("the creator of an object owns what a comparison with the empty object finds", () => {
  for (const [kind, name] of Object.entries(kinds)) {
    const schema = objectSchema(name);
    const random = randomOf(kind.length * 7_919);
    for (let count = 0; count < objectsOfEach; count++) {
      const next = exampleOf(kind, schema, random);
      const context = { schema, library: schemaLibrary, manager: "tester", apiVersion: next.apiVersion, now };
      const live = emptyObject(schemaLibrary, schema, next);
      const expected = encodeManagers(trackChange(context, { live, next }, new Map()));
      const { metadata } = trackUpdate({ ...context, live: undefined, next });
      assert.equal(JSON.stringify(metadata.managedFields), JSON.stringify(expected), JSON.stringify(next));
    }
  }
});

const now = new Date("2026-03-01T12:00:00Z");

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function exampleOf(kind: string, schema: ObjectSchema, random: Random): KubeObject {
  const value = { ...(valueOf(schema, random, 0) as JsonObject), apiVersion: "v1", kind };
  const { value: decoded } = canonicalValue(schema, value, schemaLibrary, kind);
  return { metadata: {}, ...decoded } as unknown as KubeObject;
}

/** Anything that fits; few different words, so that items of lists come more than once. */
function valueOf(ref: SchemaRef, random: Random, depth: number): unknown {
  const schema = schemaLibrary.resolve(ref);
  const isDeep = depth > depthMax;
  switch (schema.type) {
    case "object": {
      const names = Object.keys(schema.fields).filter((name) => name !== "managedFields");
      const chosen = isDeep ? [] : names.filter(() => random(4) === 0);
      return Object.fromEntries(chosen.map((name) => [name, valueOf(schema.fields[name] ?? ref, random, depth + 1)]));
    }
    case "map":
      return Object.fromEntries(words(random).map((word) => [word, valueOf(schema.values, random, depth + 1)]));
    case "list":
      return isDeep ? [] : words(random).map(() => valueOf(schema.items, random, depth + 1));
    case "boolean":
      return random(2) === 0;
    case "integer":
    case "number":
      return random(3);
    case "any":
      return [null, {}, [], "text", { inner: [1] }][random(5)];
    default:
      return scalarOf(schema.format, random);
  }
}

function scalarOf(format: string | undefined, random: Random): unknown {
  if (format === "date-time" || format === "micro-time") return "2026-01-01T00:00:00.000000Z";
  if (format === "int-or-string") return random(2) === 0 ? 80 : "http";
  if (format === "quantity") return "100m";
  if (format === "duration") return "1s";
  return format === "byte" ? "YQ==" : (words(random)[0] ?? "");
}

function words(random: Random): readonly string[] {
  return ["b", "a", "é/ü", "\u{1f600}", 'say "x"'].filter(() => random(2) === 0).concat(random(3) === 0 ? [] : ["b"]);
}
