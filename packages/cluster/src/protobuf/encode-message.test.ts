import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { decodeEnveloped, encodeEnveloped, encodeWatchEvent } from "./index.ts";

/** `apps/v1 Deployment`, JSON and protocol buffers of one random object, as Go writes them (tools/go-fields/samples). */
const samples = rowsOf("testdata/objects.tsv");

test(`a random object of each of ${samples.length} kinds is written byte by byte as Go writes it`, () => {
  for (const [kind = "", text = "", encoded = ""] of samples) {
    const written = encodeEnveloped(JSON.parse(text) as Record<string, unknown>);
    assert.equal(written.toString("base64"), encoded, kind);
  }
});

/** The path, and what the real API server answers there in JSON and in protocol buffers (tools/record-messages.ts). */
const answers = rowsOf("testdata/answers.tsv");

test(`${answers.length} answers of the real API server are written byte by byte as it writes them, from its JSON`, () => {
  for (const [path = "", text = "", encoded = ""] of answers)
    assert.equal(encodeEnveloped(JSON.parse(text) as Record<string, unknown>).toString("base64"), encoded, path);
});

test("an object of every kind is among the answers", () => {
  const kinds = new Set(answers.map(([, text = ""]) => (JSON.parse(text) as { kind: string }).kind));
  const stored = samples.map(([kind = ""]) => kind.split(" ")[1] ?? "").filter((kind) => !withoutObjects.test(kind));
  assert.deepEqual(
    stored.filter((kind) => !kinds.has(kind)),
    [],
  );
});

test("watch events have their length in front and the object in an envelope of its own", () => {
  const [, text = "", encoded = ""] = answers.find(([path]) => path?.endsWith("/configmaps/a")) ?? [];
  const object = Buffer.from(encoded, "base64");
  const frame = encodeWatchEvent("ADDED", JSON.parse(text) as Record<string, unknown>);
  assert.equal(frame.readUInt32BE(0), frame.length - 4);
  assert.deepEqual(frame.subarray(-object.length), object);
  assert.deepEqual(frame.subarray(4, 12), Buffer.from("\n\x05ADDED\x12"));
});

test("texts of any length, large and negative numbers and times before 1970 come back as they were", () => {
  for (const length of [0, 63, 64, 65, 127, 128, 16_383, 16_384, 100_000]) {
    for (const letter of ["x", "é", "𝄞"])
      assert.equal(cameBack({ data: { x: letter.repeat(length) } }), true, `${length} ${letter}`);
  }
  for (const generation of [1, 127, 128, 2 ** 31, 2 ** 53 - 1, -1, -(2 ** 40)])
    assert.equal(cameBack({ metadata: { generation } }), true, String(generation));
  assert.equal(cameBack({ metadata: { creationTimestamp: "1969-12-31T23:59:59Z" } }), true);
});

/** Sent and answered, or made by the server for itself. */
const withoutObjects =
  /Review$|^(?:APIVersions|Binding|Eviction|PodStatusResult|RangeAllocation|Scale|SerializedReference|TokenRequest)$/;

function rowsOf(file: string): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
}

function cameBack(said: Readonly<Record<string, unknown>>): boolean {
  const object = { apiVersion: "v1", kind: "ConfigMap", ...said };
  return isDeepStrictEqual(decodeEnveloped(encodeEnveloped(object)), withDefaults(object));
}

/** Metadata is no pointer. */
function withDefaults(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { apiVersion: object["apiVersion"], kind: object["kind"], metadata: {}, ...object };
}
