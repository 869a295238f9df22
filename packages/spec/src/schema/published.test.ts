import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { jsonSchema, publishedKinds } from "./published.ts";

describe("the published JSON Schemas", () => {
  for (const kind of publishedKinds) {
    test(`${kind}: the committed file is what the model says (npm run schemas makes it again)`, () => {
      const committed = readFileSync(join(import.meta.dirname, `../../schema/${kind}.schema.json`), "utf8");
      assert.deepEqual(JSON.parse(committed), jsonSchema(kind));
    });

    test(`${kind}: every property has a description, and every pattern compiles`, () => {
      const visit = (schema: unknown, path: string): void => {
        if (typeof schema !== "object" || schema === null) return;
        const { description, pattern, properties = {}, ...rest } = schema as Record<string, unknown>;
        if (path.endsWith(")"))
          assert.ok(typeof description === "string" && description.length > 3, `${path} has no description`);
        if (typeof pattern === "string") assert.doesNotThrow(() => new RegExp(pattern, "u"));
        for (const [name, each] of Object.entries(properties as object)) visit(each, `${path}(${name})`);
        for (const each of Object.values(rest))
          for (const one of Array.isArray(each) ? each : [each]) visit(one, `${path}.`);
      };
      visit(jsonSchema(kind), kind);
    });
  }
});
