import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDifference } from "../diff/difference.ts";
import { corpusNames, nameOf, readKnownDifferences } from "./difference-list.ts";
import { judgeEmbedded } from "./judge-embedded.ts";

const advice = "npm run oracle -- compatibility corrects the list and COMPATIBILITY.md";

test("the embedded cluster answers as the real one does, but for what is listed", async (context) => {
  const known = readKnownDifferences();
  const corpus = corpusNames();
  assert.deepEqual(
    known.flatMap(({ scenarios }) => scenarios).filter((name) => !corpus.has(name)),
    [],
    "the list names scenarios that there are not",
  );
  const { results, skipped, unlisted, equalNow } = await judgeEmbedded(known);
  for (const [reason, members] of Map.groupBy(skipped, (each) => each.reason))
    context.diagnostic(`skipped ${members.length} scenarios: ${reason}`);
  const surprising = new Set(unlisted);
  const shown = results
    .filter((result) => surprising.has(nameOf(result)))
    .map((result) => [nameOf(result), ...result.differences.slice(0, 3).map(formatDifference)].join("\n"));
  assert.equal(shown.length, 0, `these differ and are not listed; ${advice}\n${shown.join("\n")}`);
  assert.deepEqual(equalNow, [], `these are listed as different and are equal now; ${advice}`);
});
