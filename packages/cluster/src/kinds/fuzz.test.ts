import { test } from "node:test";
import { fuzzObjects } from "../../tools/fuzz-writes/fuzz-objects.ts";

test("objects of every kind that nobody would write end in answers or errors of our own", () => {
  fuzzObjects(1500, 1);
});
