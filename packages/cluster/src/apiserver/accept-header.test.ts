import assert from "node:assert/strict";
import { test } from "node:test";
import { isMetBy, wishesOf } from "./accept-header.ts";

const typesOf = (accept: string): readonly string[] => wishesOf(accept).map(({ type }) => type);

test("what is wished for comes by weight, what is named before what is left open, and otherwise as it stands", () => {
  assert.deepEqual(typesOf("application/json;q=0.5, application/yaml;q=0.9"), ["application/yaml", "application/json"]);
  assert.deepEqual(typesOf("*/*, application/*, text/html, application/json"), [
    "text/html",
    "application/json",
    "application/*",
    "*/*",
  ]);
  assert.deepEqual(typesOf("*/*;q=0.9,application/json;q=0.1"), ["*/*", "application/json"]);
});

test("what is no type is passed over, and a lonely star is any", () => {
  assert.deepEqual(typesOf(""), []);
  assert.deepEqual(typesOf("json, a/b/c, *"), ["*/*"]);
});

test("parameters belong to their type, and a weight that is no number is the least", () => {
  const [first, second] = wishesOf("a/b;q=x;as=Table, c/d; v=v1 ;g=meta.k8s.io;broken;also=to=much");
  assert.deepEqual(
    [first?.type, [...(first?.parameters ?? [])]],
    [
      "c/d",
      [
        ["v", "v1"],
        ["g", "meta.k8s.io"],
      ],
    ],
  );
  assert.deepEqual([second?.type, [...(second?.parameters ?? [])]], ["a/b", [["as", "Table"]]]);
});

test("stars are met by every type, or by those of their kind", () => {
  const [any, some, other] = wishesOf("*/*;q=1,application/*;q=0.9,text/*;q=0.8");
  const met = [any, some, other].map((wish) => wish !== undefined && isMetBy(wish, "application/json"));
  assert.deepEqual(met, [true, true, false]);
});
