import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeEnveloped, ProtobufError } from "./index.ts";

/** `apps/v1 Deployment`, JSON and protocol buffers of one random object, as Go writes them (tools/go-fields/samples). */
const samples = readFileSync(join(import.meta.dirname, "testdata/objects.tsv"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t"));

test(`a random object of each of ${samples.length} kinds says the same in protocol buffers and in JSON`, () => {
  for (const [kind = "", text = "", encoded = ""] of samples) {
    const decoded = decodeEnveloped(Buffer.from(encoded, "base64"));
    assert.deepEqual(withoutZeros(decoded), withoutZeros(JSON.parse(text)), kind);
  }
});

test("a body that is cut off anywhere is refused or shorter, and never ends the process", () => {
  const [, , encoded = ""] = samples.find(([kind]) => kind === "apps/v1 Deployment") ?? [];
  const whole = Buffer.from(encoded, "base64");
  for (let length = 0; length < whole.length; length += 7) {
    try {
      decodeEnveloped(whole.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof ProtobufError, String(error));
    }
  }
});

test("random bytes behind the prefix are refused or read as something", () => {
  let state = 7;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % 256;
  const head = Buffer.from("k8s\0\n\f\n\u0002v1\u0012\u0006Secret\u0012\u0040", "latin1");
  for (let round = 0; round < 5_000; round++) {
    const body = Buffer.concat([head, Buffer.from(Array.from({ length: 64 }, random))]);
    try {
      decodeEnveloped(body);
    } catch (error) {
      assert.ok(error instanceof ProtobufError, String(error));
    }
  }
});

/** Whether what is zero is written is the schema's business, not that of the bytes. */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutZeros(each) ?? null);
  if (typeof value !== "object" || value === null)
    return value === "" || value === 0 || value === false || value === null ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, each]) => {
    const kept = withoutZeros(each);
    return kept === undefined || (Array.isArray(kept) && kept.length === 0) ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
