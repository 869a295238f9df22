import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inProcessServer, namespace, type BareRequest } from "../admission/tests/in-process-server.ts";
import { apiVersionOf } from "../kinds/index.ts";
import { builtInKinds } from "../kinds/catalogue.ts";
import { decodeEnveloped, encodeEnveloped, isEncodable, protobufType } from "../protobuf/index.ts";

const server = await inProcessServer();
after(() => server.close());
const { admin } = server;

const configMaps = `${namespace}/configmaps`;
const widgets = `/apis/example.com/v1/namespaces/shop/widgets`;
const metadataAlone = "as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

await admin.create(configMaps, { metadata: { name: "a", labels: { b: "2", a: "1" } }, data: { z: "", y: "é" } });
await admin.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
});
await admin.create(widgets, { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } });

interface Whole {
  readonly status: number;
  readonly type: unknown;
  readonly body: Buffer;
}

async function ask(path: string, accept: string, rest: Omit<BareRequest, "path"> = {}): Promise<Whole> {
  const answer = await server.ask({ path, headers: { accept }, ...rest });
  if (answer.kind !== "whole") throw new TypeError(`${answer.kind} where a whole answer was expected`);
  return { status: answer.status, type: answer.headers["content-type"], body: Buffer.from(answer.body) };
}

function assertSame({ type, body }: Whole, json: Whole): void {
  assert.equal(type, protobufType);
  const object = JSON.parse(json.body.toString("utf8")) as Record<string, unknown>;
  assert.deepEqual(body, encodeEnveloped(object));
  assert.equal(decodeEnveloped(body)["kind"], object["kind"]);
}

test("objects, lists and metadata say the same in protocol buffers as in JSON", async () => {
  for (const [path, as] of [
    [`${configMaps}/a`, ""],
    [configMaps, ""],
    [`${configMaps}/a`, `;${metadataAlone}`],
    [configMaps, ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"],
    [configMaps, ";as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io"],
    ["/apis/apps", ""],
    ["/apis/apps/v1", ""],
    ["/apis", ";as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io"],
  ] as const) {
    const encoded = await ask(path, protobufType + as);
    assert.equal(encoded.status, 200);
    const type = String(encoded.type).replace(/;.*/, "");
    assertSame({ ...encoded, type }, await ask(path, `application/json${as}`));
  }
});

test("every built-in kind has a message, and so has its list", () => {
  const without = builtInKinds.filter(({ kind, listKind = `${kind}List`, verbs, ...rest }) => {
    const apiVersion = apiVersionOf(rest);
    return !isEncodable(apiVersion, kind) || (verbs.includes("list") && !isEncodable(apiVersion, listKind));
  });
  assert.deepEqual(without, []);
});

test("errors come in protocol buffers to whom has asked for them", async () => {
  const missing = `${configMaps}/missing`;
  assertSame(await ask(missing, protobufType), await ask(missing, "application/json"));
  assert.equal((await ask(missing, `${protobufType};${metadataAlone}`)).type, "application/json");
});

test("the dearest wish that can be granted is granted", async () => {
  const types = async (accept: string): Promise<unknown> => (await ask(`${configMaps}/a`, accept)).type;
  assert.equal(await types(`application/json;q=0.5,${protobufType};q=0.9`), protobufType);
  assert.equal(await types(`application/json,${protobufType}`), "application/json");
  assert.equal(await types(`${protobufType};as=Table;v=v1;g=meta.k8s.io,application/json;q=0.1`), "application/json");
  assert.equal(await types(`*/*;q=0.8,${protobufType}`), protobufType);
  assert.equal((await ask(`${configMaps}/a`, `${protobufType};as=Table;v=v1;g=meta.k8s.io`)).status, 406);
});

test("objects of custom kinds have no message, and their metadata has", async () => {
  const widget = `${widgets}/w`;
  assert.equal((await ask(widget, protobufType)).status, 406);
  assert.equal((await ask(`${widgets}/missing`, protobufType)).status, 406);
  assert.equal((await ask(widget, `${protobufType},application/json`)).type, "application/json");
  const accept = `${protobufType};${metadataAlone}`;
  assertSame(await ask(widget, accept), await ask(widget, `application/json;${metadataAlone}`));
});

test("what can't be answered is not done", async () => {
  assert.equal((await ask(`${widgets}/w`, protobufType, { method: "DELETE" })).status, 406);
  assert.equal((await admin.get(`${widgets}/w`)).status, 200);
});

test("a watch tells in messages with their length in front", async () => {
  const accept = protobufType;
  const answer = await server.ask({ path: configMaps, query: "watch=true&timeoutSeconds=1", headers: { accept } });
  if (answer.kind !== "stream") throw new TypeError("no stream");
  assert.equal(answer.headers["content-type"], `${protobufType};stream=watch`);
  for await (const chunk of answer.chunks) {
    const bytes = Buffer.from(chunk);
    assert.equal(bytes.readUInt32BE(0), bytes.length - 4);
    const object = bytes.subarray(bytes.indexOf("k8s\0"));
    assert.deepEqual(bytes.subarray(4, 11), Buffer.from("\n\x05ADDED"));
    assert.deepEqual(object, (await ask(`${configMaps}/a`, protobufType)).body);
    return;
  }
  assert.fail("nothing was told");
});

test("YAML has no form for streams", async () => {
  const { status, body } = await ask(configMaps, "application/yaml", { query: "watch=true" });
  assert.equal(status, 406);
  assert.match(body.toString("utf8"), /application\/json;stream=watch,/);
});
