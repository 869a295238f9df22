import { test } from "node:test";
import { fuzzWrites } from "../../tools/fuzz-writes/fuzz.ts";

test("patches, configurations and field sets that nobody would write end in answers or errors of our own", () => {
  fuzzWrites(5000, 1);
});
