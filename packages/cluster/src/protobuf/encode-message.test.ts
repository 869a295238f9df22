import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeEnveloped } from "./index.ts";

/** `apps/v1 Deployment`, JSON and protocol buffers of one random object, as Go writes them (tools/go-fields/samples). */
const samples = readFileSync(join(import.meta.dirname, "testdata/objects.tsv"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t"));

test(`a random object of each of ${samples.length} kinds is written byte by byte as Go writes it`, () => {
  for (const [kind = "", text = "", encoded = ""] of samples) {
    const written = encodeEnveloped(JSON.parse(text) as Record<string, unknown>);
    assert.equal(written.toString("base64"), encoded, kind);
  }
});
