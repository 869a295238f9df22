import assert from "node:assert/strict";
import test from "node:test";
import { builtInKinds } from "../kinds/index.ts";
import { parseSelectors, selectionOf } from "./selectors.ts";

const pods = builtInKinds.find(({ plural, group }) => plural === "pods" && group === "");
assert.ok(pods);
const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "a,b" } };
const chosen = (fieldSelector: string): boolean =>
  selectionOf(pods, parseSelectors(new URLSearchParams({ fieldSelector })))?.(pod) ?? true;

test("a field selector has its separators behind a backslash", () => {
  assert.equal(chosen("metadata.name=a\\,b"), true);
  assert.equal(chosen("metadata.name!=a\\,b"), false);
  assert.equal(chosen("="), true);
});

test("a field selector with a separator or an escape that is none is refused", () => {
  const refused = (text: string, why: string): void =>
    assert.throws(() => chosen(text), { code: 400, message: `invalid field selector: ${why}` });
  refused("metadata.name=a=b", "unescaped character in value: 61");
  refused("metadata.name=\\x", "invalid escape sequence: \\x");
  refused("metadata.name=a\\", "invalid escape sequence: \\");
});

test("a field that a kind doesn't have is refused in the words of the kind", () => {
  const refused = (plural: string, field: string, message: string): void => {
    const kind = builtInKinds.find((each) => each.plural === plural);
    assert.ok(kind);
    const query = new URLSearchParams({ fieldSelector: `${field}=a` });
    assert.throws(() => selectionOf(kind, parseSelectors(query)), { code: 400, message });
  };
  refused("replicasets", "nope", '"nope" is not a known field selector: only "metadata.name", "metadata.namespace"');
  refused("jobs", "nope", 'field label "nope" not supported for Job');
  refused("nodes", "metadata.namespace", "field label not supported: metadata.namespace");
});
