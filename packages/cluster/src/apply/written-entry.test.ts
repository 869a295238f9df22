import assert from "node:assert/strict";
import { test } from "node:test";
import { managedFieldsText, writtenEntry } from "./written-entry.ts";

const written = {
  manager: "tester",
  apiVersion: "v1",
  time: "2026-03-01T12:00:00Z",
  subresource: "",
  fields: '{"f:data":{".":{},"f:a":{}}}',
};

test("an entry whose fields are text shows the tree, and is stored like one that has the tree", () => {
  const entry = writtenEntry(written);
  const tree = { "f:data": { ".": {}, "f:a": {} } };
  assert.deepEqual(entry.fieldsV1, tree);
  const plain = JSON.parse(JSON.stringify(entry)) as typeof entry;
  assert.deepEqual(plain.fieldsV1, tree);
  assert.deepEqual(JSON.parse(managedFieldsText([entry, plain])), [plain, plain]);
  assert.equal(managedFieldsText([]), "[]");
});

test("of a copy the fields that it has now are stored", () => {
  const copy = { ...writtenEntry(written), fieldsV1: { "f:other": {} } };
  assert.deepEqual(JSON.parse(managedFieldsText([copy])), [JSON.parse(JSON.stringify(copy))]);
  const [stored] = JSON.parse(managedFieldsText([writtenEntry({ ...written, subresource: "status" })])) as object[];
  assert.deepEqual(stored, JSON.parse(JSON.stringify(writtenEntry({ ...written, subresource: "status" }))));
});
