import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileSchema } from "./json-schema.ts";
import { SchemaError } from "./schema-error.ts";
import { suite } from "./data/suite.ts";

function compile(schema: unknown): (value: unknown) => string | undefined {
  return compileSchema(JSON.stringify(schema), "file:///values.schema.json", {
    compilePattern: (source) => {
      const expression = new RegExp(source, "u");
      return (text) => expression.test(text);
    },
  });
}

for (const { draft, subject, schema, fits, fails } of suite) {
  test(`draft ${draft}: ${subject}`, () => {
    const check = compile(schema);
    for (const value of fits) assert.equal(check(value), undefined, `${JSON.stringify(value)} should fit`);
    for (const value of fails) assert.notEqual(check(value), undefined, `${JSON.stringify(value)} should not fit`);
  });
}

describe("a schema", () => {
  test("that is not one is refused with the place of the fault", () => {
    assert.throws(() => compile({ type: "text" }), /is not valid against metaschema.*at '\/type'/su);
  });

  test("never reaches beyond itself", () => {
    const remote = { $ref: "https://example.com/other.json" };
    assert.throws(() => compile(remote), /remote schemas are not fetched/);
    assert.throws(() => compile({ $ref: "file:///etc/passwd" }), /remote schemas are not fetched/);
  });

  test("that explodes is stopped", () => {
    const levels = Object.fromEntries(
      Array.from({ length: 40 }, (_unused, at) => [
        `l${at}`,
        { anyOf: [{ allOf: [{ $ref: `#/$defs/l${at + 1}` }, { not: {} }] }, { $ref: `#/$defs/l${at + 1}` }] },
      ]),
    );
    const check = compile({ $defs: { ...levels, l40: false }, $ref: "#/$defs/l0" });
    assert.throws(() => check({}), SchemaError);
  });

  test("reports every failure with its place, in the words of Helm's library", () => {
    const check = compile({
      properties: { port: { maximum: 65_535 }, name: { pattern: "^[a-z]+$" }, list: { items: { type: "integer" } } },
      required: ["a", "b"],
    });
    assert.equal(
      check({ port: 70_000, name: "It's", list: [1, "x"] }),
      [
        "- at '': missing properties 'a', 'b'",
        "- at '/list/1': got string, want integer",
        String.raw`- at '/name': 'It\'s' does not match pattern '^[a-z]+$'`,
        "- at '/port': maximum: got 70,000, want 65,535",
      ].join("\n"),
    );
  });
});
