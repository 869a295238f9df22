import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mergeUserValues, setFilePaths } from "./user-values.ts";

/** Values as JSON, with 64-bit integers as their digits. */
function json(values: unknown): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "kind" in value && "value" in value ? Number(value.value) : value,
  );
}

function set(line: string): string {
  return json(mergeUserValues({ set: [line] }));
}

describe("a --set line", () => {
  test("keeps a key named like a prototype as plain data", () => {
    const values = mergeUserValues({ set: ["__proto__.polluted=yes,constructor.x=1"] });
    assert.equal(Object.getPrototypeOf(values), Object.prototype);
    assert.ok(Object.hasOwn(values, "__proto__"));
    assert.equal(Reflect.get({}, "polluted"), undefined);
  });

  test("gives integers, booleans and null; all else is text", () => {
    assert.equal(
      set("a=1,b=-5,c=007,d=1.5,e=true,f=NULL,g=0"),
      '{"a":1,"b":-5,"c":"007","d":"1.5","e":true,"f":null,"g":0}',
    );
  });

  test("reaches into lists and tables and fills gaps with null", () => {
    assert.equal(set("a.b[2].c=x,a.b[0]=y"), '{"a":{"b":["y",null,{"c":"x"}]}}');
  });

  test("has escapes for its own signs", () => {
    assert.equal(set(String.raw`a\.b=c\,d,e=\{f`), '{"a.b":"c,d","e":"{f"}');
  });

  test("is refused with the reason", () => {
    assert.throws(() => set("a"), /failed parsing --set data: key "a" has no value/);
    assert.throws(() => set("a={1"), /list must terminate with '}'/);
    assert.throws(() => set("a[99999]=1"), /greater than maximum supported index of 65536/);
    assert.throws(() => set(`${"a.".repeat(40)}b=1`), /maximum supported nested level of 30/);
  });
});

test("the files of --set-file lines are known before they are read", () => {
  assert.deepEqual(setFilePaths(["a=x.txt,b.c=dir/y.txt", "broken", "l={1.txt,2.txt}"]), [
    "x.txt",
    "dir/y.txt",
    "1.txt",
    "2.txt",
  ]);
});

test("values win in the order files, --set-json, --set, --set-string, --set-file, --set-literal", () => {
  const all = {
    files: [{ name: "v.yaml", content: "a: 0\nb: 0\nc: 0\nd: 0\ne: 0\nf: 0\n" }],
    setJson: ["b=1,c=1,d=1,e=1,f=1"],
    set: ["c=2,d=2,e=2,f=2"],
    setString: ["d=3,e=3,f=3"],
    setFile: ["e=4,f=4"],
    setLiteral: ["f=5"],
  };
  assert.equal(
    json(mergeUserValues(all, (path) => `file ${path}`)),
    '{"a":0,"b":1,"c":2,"d":"3","e":"file 4","f":"5"}',
  );
});
