import assert from "node:assert/strict";
import { test } from "node:test";
import { Router } from "./router.ts";

function router(...paths: readonly string[]): Router<string> {
  const made = new Router<string>();
  for (const path of paths) made.add("GET", path, path);
  return made;
}

test("a fixed segment goes before a parameter, a parameter before the rest, whatever the order of declaration", () => {
  const found = router("/a/{rest*}", "/a/{id}", "/a/me", "/a/{id}/b");
  const at = (path: string) => {
    const match = found.find("GET", path);
    return match.kind === "match" ? [match.value, match.params] : match.kind;
  };
  assert.deepEqual(at("/a/me"), ["/a/me", {}]);
  assert.deepEqual(at("/a/7"), ["/a/{id}", { id: "7" }]);
  assert.deepEqual(at("/a/me/b"), ["/a/{id}/b", { id: "me" }]);
  assert.deepEqual(at("/a/7/c/d"), ["/a/{rest*}", { rest: "7/c/d" }]);
  assert.deepEqual(at("/b"), "none");
});

test("parameters are decoded once, and only whole segments", () => {
  const found = router("/a/{id}").find("GET", "/a/x%2Fy%20z%2525");
  assert.deepEqual(found.kind === "match" && found.params, { id: "x/y z%25" });
  assert.equal(router("/a/{id}").find("GET", "/a/%E0%A4%A").kind, "malformed");
  assert.equal(router("/a/{id}").find("GET", "/a/%00").kind, "malformed");
});

test("the same route twice is a mistake", () => {
  assert.throws(() => router("/a/{id}", "/a/{name}"), /declared twice/);
});

test("names of parameters that objects have already are only names", () => {
  const found = router("/{constructor}").find("GET", "/x");
  assert.deepEqual(found.kind === "match" && found.params, { constructor: "x" });
});
