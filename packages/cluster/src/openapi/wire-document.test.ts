import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { JsonObject } from "../object/json-value.ts";
import { wireDocumentV3 } from "./wire-document.ts";

const read = (name: string): Buffer => readFileSync(join(import.meta.dirname, "testdata", name));

test("a document of the real API server is written byte by byte as it writes it (tools/record-messages.ts)", () => {
  const document = JSON.parse(read("authentication-v1.json").toString("utf8")) as JsonObject;
  assert.ok(wireDocumentV3(document).equals(read("authentication-v1.pb")));
});

test("zeros are left out, but where a message says which of several things it holds", () => {
  const document = {
    components: { schemas: { A: { minLength: 0, maximum: 0, nullable: false, description: "", default: 0 } } },
  };
  const schema = [0x8a, 0x02, 9, 0x09, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual([...wireDocumentV3(document)].slice(-schema.length), schema);
});
