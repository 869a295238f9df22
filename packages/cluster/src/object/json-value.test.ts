import assert from "node:assert/strict";
import { test } from "node:test";
import { cloneJson, equalJson } from "./json-value.ts";

const parse = (text: string): unknown => JSON.parse(text);

test("values are equal whatever the order of their keys", () => {
  assert.ok(equalJson(parse('{"a":1,"b":[{"c":null}]}'), parse('{"b":[{"c":null}],"a":1}')));
  assert.ok(equalJson(parse("[]"), parse("[]")));
});

test("a key more on either side, another order of a list and another type make a difference", () => {
  const pairs = [
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2}', '{"a":1}'],
    ['{"a":null}', "{}"],
    ['{"a":1}', '{"b":1}'],
    ["[1,2]", "[2,1]"],
    ["[1]", "[1,1]"],
    ["[]", "{}"],
    ["{}", "[]"],
    ["{}", "null"],
    ['{"__proto__":{"a":1}}', "{}"],
    ["{}", '{"__proto__":{}}'],
    ['{"toString":1}', "{}"],
  ] as const;
  for (const [left, right] of pairs) assert.ok(!equalJson(parse(left), parse(right)), `${left} and ${right}`);
});

test("a clone is equal and shares nothing, also what is called __proto__", () => {
  const original = parse('{"a":[{"b":1}],"__proto__":{"c":[2]},"d":null}') as Record<string, unknown>;
  const copy = cloneJson(original);
  assert.equal(JSON.stringify(copy), JSON.stringify(original));
  (copy["a"] as { b: number }[])[0] = { b: 2 };
  Object.assign(Object.getOwnPropertyDescriptor(copy, "__proto__")?.value as object, { c: 3 });
  assert.equal(JSON.stringify(original), '{"a":[{"b":1}],"__proto__":{"c":[2]},"d":null}');
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
});
