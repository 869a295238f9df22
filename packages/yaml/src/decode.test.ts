import assert from "node:assert/strict";
import { test } from "node:test";
import { YamlError, decode, decodeAll, encode } from "./index.ts";

test("decode reads block and flow collections with the types of YAML 1.1", () => {
  const text = "a: 1\nb:\n- x\n- y: z\n  w: 'it''s'\nc: {on: 0644, e: [1.5, ~]}\n";
  assert.deepEqual(decode(text), { a: 1, b: ["x", { true: "z", w: "it's" }], c: { true: 420, e: [1.5, null] } });
});

test("decodeAll gives every document, and null for an empty one", () => {
  assert.deepEqual(decodeAll("---\na: b\n---\n# c\n---\nfoo\n...\n"), [{ a: "b" }, null, "foo"]);
});

test("a key named __proto__ is an ordinary key", () => {
  const value = decode("__proto__: {polluted: 1}\n");
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test("an error says where it is and carries the sentence of Go", () => {
  assert.throws(
    () => decode("x: 1\na:\n b: 1\n  c: 1\n"),
    (error) => {
      assert.ok(error instanceof YamlError);
      assert.equal(error.goMessage, "yaml: line 4: mapping values are not allowed in this context");
      assert.deepEqual(error.position, { line: 4, column: 4, offset: 17 });
      assert.equal(error.excerpt, "  c: 1");
      return true;
    },
  );
});

test("encode sorts keys, quotes what would be read as another type and writes literal blocks", () => {
  const value = { b: [1, "2", { x: 1, y: [] }], a: "yes", c: "multi\nline\n", d: {} };
  assert.equal(encode(value), 'a: "yes"\nb:\n- 1\n- "2"\n- x: 1\n  "y": []\nc: |\n  multi\n  line\nd: {}\n');
});
