// The examples are what mutations and other checks start from: between them they have to have every field of the model.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { decode, encode, parseDocuments } from "@fairway/yaml";
import { readValue } from "../read/read-value.ts";
import { Reading } from "../read/reading.ts";
import type { Field, SchemaNode } from "../schema/schema.ts";
import { platformSchema } from "./platform.ts";
import { serviceSchema } from "./service.ts";

interface Walk {
  /** Where each field of the model stands; a part that stands in several places is walked in each, and counted once. */
  readonly fields: Map<Field, string>;
  readonly seen: Set<Field>;
}

function walk(schema: SchemaNode, values: readonly unknown[], path: string, found: Walk): void {
  if (schema.kind === "list") walk(schema.item, values.flat(), `${path}[]`, found);
  if (schema.kind === "map") {
    const inside = values.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
    walk(schema.value, inside, `${path}.*`, found);
  }
  if (schema.kind === "record") walkFields(schema.fields, values, path, found);
  if (schema.kind !== "variant") return;
  for (const [name, { fields }] of Object.entries(schema.variants)) {
    const chosen = values.filter((value) => propertyOf(value, schema.discriminator) === name);
    walkFields(fields, chosen, `${path}(${name})`, found);
  }
}

function walkFields(
  fields: Readonly<Record<string, Field>>,
  values: readonly unknown[],
  path: string,
  found: Walk,
): void {
  for (const [name, field] of Object.entries(fields)) {
    const inside = values.map((value) => propertyOf(value, name)).filter((value) => value !== undefined);
    found.fields.set(field, `${path}.${name}`);
    if (inside.length > 0) found.seen.add(field);
    walk(field.schema, inside, `${path}.${name}`, found);
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

const folder = join(import.meta.dirname, "../../testdata");
const examples = readdirSync(folder, { recursive: true, encoding: "utf8" });

for (const [name, schema] of [
  ["service", serviceSchema],
  ["platform", platformSchema],
] as const) {
  test(`the examples of a ${name} have every field and variant of the model`, () => {
    const paths = examples.filter((path) => basename(path) === `${name}.yaml`);
    const values = paths.map((path) => decode(readFileSync(join(folder, path), "utf8")));
    const found: Walk = { fields: new Map(), seen: new Set() };
    walk(schema, values, name, found);
    const missing = [...found.fields].filter(([field]) => !found.seen.has(field)).map(([, path]) => path);
    assert.deepEqual(missing, []);
  });

  test(`every field of a ${name} says what it is for, and its example fits`, () => {
    const found: Walk = { fields: new Map(), seen: new Set() };
    walk(schema, [], name, found);
    for (const [{ schema }, path] of found.fields) {
      assert.match(schema.description, /^[A-Z].*[^.]$/, path);
      if (schema.example === undefined) continue;
      const place = { node: parseDocuments(encode(schema.example)).documents[0]?.root, path };
      assert.ok(place.node, path);
      const reading = new Reading(path, 10);
      readValue(schema, { ...place, node: place.node }, reading);
      assert.deepEqual(reading.problems, [], path);
    }
  });
}
