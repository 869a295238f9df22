import assert from "node:assert/strict";
import { test } from "node:test";
import { isOpenApi, openApiDigests } from "./open-api.ts";

const document = (pod: object, version = "v1.35.4") => ({
  swagger: "2.0",
  info: { title: "Kubernetes", version },
  paths: { "/api/": { get: { description: "get it" } }, "/apis/diff-0123456789ab.example.com/v1/": {} },
  definitions: { pod },
});

test("descriptions, the order of keys and the patch version make no difference", () => {
  const one = document({ description: "A pod.", type: "object", properties: { description: { type: "string" } } });
  const other = document({ properties: { description: { type: "string" } }, type: "object" }, "v1.35.9");
  assert.ok(isOpenApi(one));
  assert.deepEqual(openApiDigests(one), openApiDigests(other));
});

test("everything else does, and names the definition", () => {
  const one = openApiDigests(document({ type: "object", properties: { description: { type: "string" } } }));
  const other = openApiDigests(document({ type: "object", properties: { description: { type: "integer" } } }));
  assert.deepEqual(one["paths"], other["paths"]);
  assert.notDeepEqual(one["definitions"], other["definitions"]);
});

test("kinds of other scenarios are left out", () => {
  assert.deepEqual(Object.keys(openApiDigests(document({}))["paths"] ?? {}), ["/api/"]);
});

test("the list of documents keeps its addresses but for their hashes", () => {
  const index = (hash: string) => ({ paths: { "api/v1": { serverRelativeURL: `/openapi/v3/api/v1?hash=${hash}` } } });
  assert.ok(isOpenApi(index("AB")));
  assert.deepEqual(openApiDigests(index("AB")), openApiDigests(index("CD")));
  assert.equal(isOpenApi({ kind: "APIGroupList" }), false);
});
