import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GoNil,
  GoNumber,
  GoStruct,
  defineFunction,
  goNumber,
  isTrue,
  kindOf,
  mapGet,
  mapHas,
  mapSet,
  mapType,
  sliceType,
  typeName,
  withType,
  zeroValue,
} from "./index.ts";

test("every value has the kind and type name of Go", () => {
  const person = new GoStruct({ name: "*main.Person", kind: "ptr" }, {});
  const cases: [unknown, string, string][] = [
    [null, "invalid", "<nil>"],
    ["s", "string", "string"],
    [true, "bool", "bool"],
    [1n, "int", "int"],
    [1, "float64", "float64"],
    [new GoNumber("uint8", 3n), "uint8", "uint8"],
    [[], "slice", "[]interface {}"],
    [withType(sliceType("string"), ["a"]), "slice", "[]string"],
    [new Uint8Array(), "slice", "[]uint8"],
    [{}, "map", "map[string]interface {}"],
    [withType(mapType("any"), {}), "map", "map[string]interface {}"],
    [withType(mapType("[]any"), {}), "map", "map[string][]interface {}"],
    [new GoNil(sliceType("int")), "slice", "[]int"],
    [person, "ptr", "*main.Person"],
    [defineFunction(["string", "...any"], "bool", () => true), "func", "func(string, ...interface {}) bool"],
  ];
  for (const [value, kind, name] of cases) assert.deepEqual([kindOf(value), typeName(value)], [kind, name]);
});

test("integers wrap around at their size", () => {
  assert.equal(goNumber("int", 1n << 63n), -(1n << 63n));
  assert.equal(new GoNumber("uint8", 300n).value, 44n);
  assert.equal(new GoNumber("int8", 200n).value, -56n);
  assert.equal(new GoNumber("uint64", -1n).value, (1n << 64n) - 1n);
  assert.equal(new GoNumber("float32", 0.1).value, Math.fround(0.1));
  assert.equal(goNumber("float64", 3n), 3);
});

test("the zero values of all kinds are false", () => {
  const zeros = [
    null,
    undefined,
    "",
    0,
    0n,
    false,
    [],
    {},
    new Uint8Array(),
    new GoNumber("int64", 0n),
    new GoNil(mapType("any")),
  ];
  for (const value of zeros) assert.equal(isTrue(value), false);
  const others = ["x", -1, NaN, 1n, true, [null], { a: null }, new GoStruct({ name: "T", kind: "struct" }, {})];
  for (const value of others) assert.equal(isTrue(value), true);
});

test("maps have own keys only, whatever their names", () => {
  const map = {};
  assert.equal(mapGet(map, "constructor"), undefined);
  assert.equal(mapHas(map, "__proto__"), false);
  mapSet(map, "__proto__", 1);
  assert.equal(mapGet(map, "__proto__"), 1);
  assert.equal(Object.getPrototypeOf(map), Object.prototype);
});

test("zero values follow the type name", () => {
  assert.deepEqual(["string", "bool", "int", "float64", "interface {}"].map(zeroValue), ["", false, 0n, 0, null]);
  assert.equal(typeName(zeroValue("int64")), "int64");
  assert.equal(kindOf(zeroValue("map[string]string")), "map");
  assert.equal(kindOf(zeroValue("constructor")), "ptr");
});
