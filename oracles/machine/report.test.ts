import assert from "node:assert/strict";
import test from "node:test";
import { cacheFolder, contentKey } from "./cache.ts";
import { spokenSeconds } from "./report.ts";

test("speaks seconds and minutes", () => {
  assert.deepEqual([0.4, 59, 60, 75, 600].map(spokenSeconds), ["0 s", "59 s", "1 min", "1 min 15 s", "10 min"]);
});

test("keeps the cache where it is told to, else where XDG says, else in the home folder", () => {
  assert.equal(cacheFolder({ FAIRWAY_ORACLES_CACHE: "/a", XDG_CACHE_HOME: "/b" }), "/a");
  assert.equal(cacheFolder({ FAIRWAY_ORACLES_CACHE: "", XDG_CACHE_HOME: "/b" }), "/b/fairway/oracles");
  assert.match(cacheFolder({}), /\/\.cache\/fairway\/oracles$/u);
});

test("gives another key when bytes move from one part to the next", () => {
  assert.notEqual(contentKey(["ab", "c"]), contentKey(["a", "bc"]));
  assert.equal(contentKey(["ab", Buffer.from("c")]), contentKey(["ab", "c"]));
});
