import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiRequest } from "../api/api-exchange.ts";
import { builtInKinds, createKindRegistry, type Kind } from "../kinds/index.ts";
import type { CustomForm } from "../kinds/kind.ts";
import type { JsonObject } from "../object/json-value.ts";
import { schemaLibrary } from "../schema/index.ts";
import { metadataDescriptions, typeDescriptions } from "./data/descriptions.ts";
import { createOpenApi } from "./open-api.ts";

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const configMaps = builtInKinds.find(({ plural }) => plural === "configmaps");
assert.ok(configMaps);

const things: Kind = {
  ...configMaps,
  group: "team.example.com",
  kind: "Thing",
  plural: "things",
  schema: {
    type: "object",
    custom: true,
    required: ["spec"],
    fields: { spec: { type: "object", fields: { size: { type: "integer", format: "int64" } } } },
  },
  subresources: { status: true, scale: { specReplicas: ".spec.size", statusReplicas: ".status.size" } },
};

const form: CustomForm = {
  decode: (value) => ({ value, unknownFields: [] }),
  fromStored: (object) => object,
  toStored: (object) => object,
  jsonSchema: {
    type: "object",
    properties: {
      port: { "x-kubernetes-int-or-string": true },
      note: { type: "string", nullable: true, default: "a", pattern: "^a" },
    },
  },
  warnings: [],
  since: 0,
  isTerminating: false,
};

function server() {
  const kinds = createKindRegistry(builtInKinds);
  const openApi = createOpenApi({ kinds, library: schemaLibrary, now: () => new Date("2026-01-01T00:00:00Z") });
  const ask = (url: string, headers: ApiRequest["headers"] = {}) => {
    const [path = "", query] = url.split("?");
    const request: ApiRequest = {
      method: "GET",
      path,
      query: new URLSearchParams(query),
      headers,
      body: () => Promise.resolve(Buffer.alloc(0)),
      peer: { address: "", certificate: undefined },
      signal: new AbortController().signal,
    };
    const answer = openApi(request, path);
    assert.ok(answer?.kind === "whole");
    return answer;
  };
  const read = (url: string) => JSON.parse(String(ask(url).body)) as Document;
  const address = (name: string) => String(read("/openapi/v3").paths[name]?.["serverRelativeURL"]);
  return { kinds, ask, read, address };
}

interface Document {
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly definitions: Readonly<Record<string, JsonObject>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> };
}

describe("the documents of OpenAPI", () => {
  test("refer to nothing that they do not contain", () => {
    const { kinds, read } = server();
    kinds.add(things);
    const names = Object.keys(read("/openapi/v3").paths);
    assert.ok(names.includes("apis/team.example.com/v1"));
    for (const name of names) {
      const document = read(`/openapi/v3/${name}`);
      for (const reference of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/gu))
        assert.ok(document.components.schemas[reference[1] ?? ""], `${name}: ${reference[0]}`);
    }
    const whole = read("/openapi/v2");
    for (const reference of JSON.stringify(whole).matchAll(/"#\/definitions\/([^"]+)"/gu))
      assert.ok(whole.definitions[reference[1] ?? ""], reference[0]);
  });

  test("have a custom kind as long as it is there, and change no other document", () => {
    const { kinds, read, address } = server();
    const before = address("apis/apps/v1");
    kinds.add(things);
    const { components, paths } = read("/openapi/v3/apis/team.example.com/v1");
    assert.deepEqual(components.schemas["com.example.team.v1.Thing"]?.["required"], ["spec"]);
    assert.ok(paths["/apis/team.example.com/v1/namespaces/{namespace}/things/{name}/scale"]);
    assert.ok(read("/openapi/v2").definitions["com.example.team.v1.ThingList"]);
    assert.equal(address("apis/apps/v1"), before);
    kinds.add({ ...things, custom: form });
    const loose = read("/openapi/v3/apis/team.example.com/v1").components.schemas["com.example.team.v1.Thing"];
    assert.ok(loose);
    assert.deepEqual((loose["properties"] as JsonObject)["port"], {
      "x-kubernetes-int-or-string": true,
      anyOf: [{ type: "integer" }, { type: "string" }],
    });
    // Version 2 has no word for null: the type is left open.
    assert.deepEqual(read("/openapi/v2").definitions["com.example.team.v1.Thing"]?.["properties"], {
      apiVersion: { type: "string", description: typeDescriptions["apiVersion"] },
      kind: { type: "string", description: typeDescriptions["kind"] },
      metadata: { description: metadataDescriptions[objectMeta], $ref: `#/definitions/${objectMeta}` },
      port: { "x-kubernetes-int-or-string": true },
      note: { pattern: "^a" },
    });
    kinds.remove("team.example.com", "v1", "things");
    assert.equal(address("apis/team.example.com/v1"), "undefined");
    assert.equal(read("/openapi/v2").definitions["com.example.team.v1.Thing"], undefined);
  });

  test("say what the fields are for that all objects have", () => {
    const schemas = server().read("/openapi/v3/apis/apps/v1").components.schemas;
    const told = (name: string) =>
      Object.entries((schemas[name]?.["properties"] ?? {}) as Readonly<Record<string, JsonObject>>)
        .filter(([, field]) => typeof field["description"] === "string" && field["description"] !== "")
        .map(([field]) => field);
    assert.deepEqual(told("io.k8s.api.apps.v1.Deployment").toSorted(), ["apiVersion", "kind", "metadata"]);
    assert.deepEqual(told("io.k8s.api.apps.v1.DeploymentList").toSorted(), ["apiVersion", "kind", "metadata"]);
    const metadata = Object.keys((schemas[objectMeta]?.["properties"] ?? {}) as JsonObject);
    assert.deepEqual(told(objectMeta), metadata);
  });

  test("may be kept under their hash, and are looked for anew under another", () => {
    const { ask, address } = server();
    const kept = ask(address("apis/apps/v1"));
    assert.equal(kept.headers["cache-control"], "public, immutable");
    assert.equal(kept.headers["expires"], "Fri, 01 Jan 2027 00:00:00 UTC");
    const moved = ask("/openapi/v3/apis/apps/v1?hash=AB");
    assert.equal(moved.status, 301);
    assert.equal(moved.headers["location"], address("apis/apps/v1"));
    assert.equal(ask("/openapi/v2", { "if-none-match": String(ask("/openapi/v2").headers["etag"]) }).status, 304);
  });

  test("come in the forms that there are", () => {
    const { ask } = server();
    assert.equal(ask("/openapi/v2", { accept: "text/html" }).status, 406);
    assert.equal(ask("/openapi/v2", { accept: "text/html, application/json" }).status, 200);
    assert.equal(ask("/openapi/v3/apis/nope/v1").status, 404);
    const wire = ask("/openapi/v2", { accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" });
    assert.equal(wire.headers["content-type"], "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    // Field 1, a text of three bytes: the version of Swagger.
    assert.deepEqual([...Buffer.from(wire.body).subarray(0, 5)], [0x0a, 3, ...Buffer.from("2.0")]);
    const wireType = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
    const one = ask("/openapi/v3/apis/policy/v1", { accept: `application/json;q=0.5, ${wireType}` });
    assert.equal(one.headers["content-type"], wireType);
    assert.equal(one.headers["etag"], ask("/openapi/v3/apis/policy/v1").headers["etag"]);
    assert.deepEqual([...Buffer.from(one.body).subarray(0, 7)], [0x0a, 5, ...Buffer.from("3.0.0")]);
    assert.equal(ask("/openapi/v3/apis/policy/v1", { accept: "text/html" }).status, 406);
  });
});
