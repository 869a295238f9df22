import assert from "node:assert/strict";
import test from "node:test";
import { continueToken, encodeContinue } from "./continue-token.ts";

const tokenOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a token says where a list goes on", () => {
  const token = { revision: 12, start: "a/b" };
  assert.deepEqual(continueToken(encodeContinue(token)), token);
  assert.equal(continueToken(""), undefined);
});

test("a token without a version goes on with what is there now", () => {
  assert.deepEqual(continueToken(encodeContinue({ revision: undefined, start: "a" })), {
    revision: undefined,
    start: "a",
  });
});

test("what is no token is refused in the words of Kubernetes", () => {
  const v = "meta.k8s.io/v1";
  const cases: readonly (readonly [string, string])[] = [
    ["a", ": illegal base64 data at input byte 0"],
    ["a!", ": illegal base64 data at input byte 1"],
    ["YQ==", ": illegal base64 data at input byte 2"],
    ["ng", ": invalid character '\\u009e' looking for beginning of value"],
    ["YQ", ": invalid character 'a' looking for beginning of value"],
    [tokenOf(null), ": server does not recognize this encoded version "],
    [tokenOf([]), ": json: cannot unmarshal array into Go value of type storage.continueToken"],
    [tokenOf({ v, rv: "1" }), ": json: cannot unmarshal string into Go struct field continueToken.rv of type int64"],
    [tokenOf({ v, rv: 0, start: "a" }), ": incorrect encoded start resourceVersion (version meta.k8s.io/v1)"],
    [tokenOf({ v, rv: 1 }), ": encoded start key empty (version meta.k8s.io/v1)"],
    [tokenOf({ v, rv: 1, start: "../a" }), ": ../a"],
  ];
  for (const [text, why] of cases)
    assert.throws(() => continueToken(text), {
      code: 400,
      message: `invalid continue token: continue key is not valid${why}`,
    });
});
