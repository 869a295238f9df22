import assert from "node:assert/strict";
import { request } from "node:https";
import { after, test } from "node:test";
import type { KubeObject } from "../object/kube-object.ts";
import { startCluster } from "../server/cluster.ts";

const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
after(() => cluster.close());

const { clusters, users } = JSON.parse(cluster.kubeconfig);
const text = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

interface Answered {
  readonly status: number | undefined;
  readonly warnings: unknown;
  readonly body: KubeObject & { readonly message?: string };
}

/** As it comes: what is there twice must not be gone before it is sent. */
function sent(path: string, body: string, method = "PATCH"): Promise<Answered> {
  const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  return new Promise((resolve, reject) => {
    const question = request(`${cluster.url}${path}`, {
      method,
      ca: text(clusters[0].cluster["certificate-authority-data"]),
      cert: text(users[0].user["client-certificate-data"]),
      key: text(users[0].user["client-key-data"]),
      headers: { "content-type": type },
    });
    question.once("error", reject).once("response", async (answer) => {
      const chunks = await answer.toArray();
      const { statusCode: status, headers } = answer;
      resolve({ status, warnings: headers["warning"], body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
    });
    question.end(body);
  });
}

const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;

const maps = "/api/v1/namespaces/default/configmaps";

test("a key that is there twice in an applied configuration is an error, a warning or nothing", async () => {
  const twice = configMap("twice", "  x: a\n  x: b\n  z: c\n  z: d\n");
  const path = `${maps}/twice?fieldManager=tester`;
  const strict = await sent(`${path}&fieldValidation=Strict`, twice);
  assert.equal(strict.status, 400);
  assert.equal(
    strict.body.message,
    'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "x" already set in map\n  line 9: key "z" already set in map',
  );
  const warned = await sent(path, twice);
  assert.equal(warned.status, 201);
  assert.equal(
    warned.warnings,
    '299 - "line 7: key \\"x\\" already set in map", 299 - "line 9: key \\"z\\" already set in map"',
  );
  const ignored = await sent(`${path}&fieldValidation=Ignore`, twice);
  assert.deepEqual([ignored.status, ignored.warnings], [200, undefined]);
});

test("a conflict is told before what is there twice", async () => {
  await sent(`${maps}/owned?fieldManager=first`, configMap("owned", "  x: a\n"));
  const other = await sent(
    `${maps}/owned?fieldManager=second&fieldValidation=Strict`,
    configMap("owned", "  x: b\n  x: c\n"),
  );
  assert.equal(other.status, 409);
});

test("a null that is applied to a custom object is a value, which its schema may refuse", async () => {
  const type = (types: object): object => ({ type: "object", properties: types });
  const map = { type: "object", additionalProperties: { type: "object", properties: { a: { type: "string" } } } };
  const schema = type({ spec: type({ map, orNull: { type: "string", nullable: true } }) });
  const definition = {
    metadata: { name: "things.apply.example.com" },
    spec: {
      group: "apply.example.com",
      scope: "Cluster",
      names: { plural: "things", kind: "Thing" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await sent(definitions, JSON.stringify(definition), "POST");
  const watched = cluster.client.watch(definitions, {}, AbortSignal.timeout(120_000));
  for await (const { object } of watched) if (JSON.stringify(object).includes("InitialNamesAccepted")) break;
  const thing = (spec: string): string =>
    `{apiVersion: apply.example.com/v1, kind: Thing, metadata: {name: x}, spec: ${spec}}`;
  const path = "/apis/apply.example.com/v1/things/x";
  const applied = await sent(`${path}?fieldManager=applier`, thing("{map: {p: {}}, orNull: null}"));
  assert.deepEqual(applied.body["spec"], { map: { p: {} }, orNull: null });
  // Who removes the last entry leaves null behind, as in the real server, where the schema does not take it.
  const emptied = await sent(`${path}?fieldManager=applier`, thing("{map: {}}"));
  assert.equal(emptied.status, 422);
  assert.match(
    emptied.body.message ?? "",
    /spec\.map: Invalid value: "null": spec\.map in body must be of type object/,
  );
});
