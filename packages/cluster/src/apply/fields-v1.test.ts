import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldSet, union } from "./field-set.ts";
import { decodeFields, encodeFields } from "./fields-v1.ts";

const leaf = {};
const ports = 'k:{"containerPort":80,"protocol":"TCP"}';
const written = {
  "f:metadata": { "f:labels": { ".": leaf, "f:app": leaf, "f:\uFFEE": leaf, "f:\u{1F600}": leaf } },
  "f:spec": { 'k:{"name":"a"}': { ".": leaf, [ports]: leaf }, 'k:{"name":"a-b"}': leaf, 'v:"x"': leaf, "i:2": leaf },
};

test("a set that is written as we write it is given back as it is", () => {
  assert.equal(encodeFields(decodeFields(written)), written);
});

test("only what is on the way to a change is written anew", () => {
  const set = union(FieldSet.of(["f:spec", "f:replicas"]), decodeFields(written));
  const changed: Record<string, unknown> = encodeFields(set);
  assert.equal(changed["f:metadata"], written["f:metadata"]);
  assert.deepEqual(changed["f:spec"], { "f:replicas": leaf, ...written["f:spec"] });
  assert.equal(Object.hasOwn(written["f:spec"], "f:replicas"), false);
});

test("a set that is written in another way is written in ours", () => {
  const others: readonly (readonly [unknown, readonly string[]])[] = [
    [{ "f:b": leaf, "f:a": leaf }, ["f:a", "f:b"]],
    [{ "f:\u{1F600}": leaf, "f:\uFFEE": leaf }, ["f:\uFFEE", "f:\u{1F600}"]],
    [{ 'k:{"name": "a"}': leaf }, ['k:{"name":"a"}']],
    [{ 'k:{"protocol":"TCP","containerPort":80}': leaf }, [ports]],
    [{ "f:a": { ".": leaf } }, ["f:a"]],
    [{ "q:a": leaf, "f:a": leaf }, ["f:a"]],
    [{ ".": leaf, "f:a": leaf }, ["f:a"]],
    [{ "i:02": leaf }, ["i:2"]],
  ];
  for (const [tree, elements] of others) {
    const encoded = encodeFields(decodeFields(tree));
    assert.deepEqual(Object.keys(encoded), elements, JSON.stringify(tree));
    assert.deepEqual(
      Object.values(encoded),
      elements.map(() => leaf),
    );
  }
});

test("what is no set is refused, however deep it stands", () => {
  for (const tree of [[], { x: leaf }, { "f:a": { "f:b": { "k:{": leaf } } }, { "f:a": { "f:b": null } }])
    assert.throws(() => decodeFields(tree), SyntaxError, JSON.stringify(tree));
});
