import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { startCluster } from "../server/cluster.ts";

const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
after(() => cluster.close());
const { client } = cluster;

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface DefinitionOptions {
  readonly plural: string;
  readonly kind: string;
  readonly schema: object;
  readonly version?: object;
  readonly shortNames?: readonly string[];
}

const GROUP = "shop.example.com";

function definition({ plural, kind, schema, version = {}, shortNames = [] }: DefinitionOptions): object {
  const main = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version };
  return {
    metadata: { name: `${plural}.${GROUP}` },
    spec: { group: GROUP, scope: "Cluster", names: { plural, kind, shortNames }, versions: [main] },
  };
}

async function call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<KubeObject> {
  const answer = await client.request({ method, path, ...(body && { body }) });
  return answer.body as KubeObject;
}

async function patched(path: string, body: object): Promise<KubeObject> {
  const contentType = "application/merge-patch+json";
  return (await client.request({ method: "PATCH", path, body, contentType })).body as KubeObject;
}

/** Waits for a condition by watching, never by the clock. */
async function until(
  watcher: KubeClient,
  path: string,
  name: string,
  isSo: (object: KubeObject) => boolean,
): Promise<KubeObject> {
  const signal = AbortSignal.timeout(120_000);
  for await (const { object } of watcher.watch(path, { fieldSelector: `metadata.name=${name}` }, signal))
    if (isSo(object as KubeObject)) return object as KubeObject;
  throw new Error("the watch ended");
}

interface Conditions {
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[] | null;
}

function condition(object: KubeObject, type: string): string | undefined {
  const found = ((object["status"] as Conditions).conditions ?? []).find((each) => each.type === type);
  return found && `${found.status} ${found.reason}`;
}

async function established(options: DefinitionOptions): Promise<void> {
  await call("POST", DEFINITIONS, definition(options));
  const name = `${options.plural}.${GROUP}`;
  await until(client, DEFINITIONS, name, (object) => condition(object, "Established") === "True InitialNamesAccepted");
}

const order = (name: string, spec: object): object => ({
  apiVersion: `${GROUP}/v1`,
  kind: "Order",
  metadata: { name },
  spec,
});

const objectOf = (properties: object): object => ({ type: "object", properties });

test("a custom object can be created as soon as its definition is established", async () => {
  const schema = objectOf({ spec: objectOf({ count: { type: "integer", default: 1, maximum: 10 } }) });
  await established({ plural: "orders", kind: "Order", schema });
  const path = `/apis/${GROUP}/v1/orders`;
  const created = await call("POST", path, order("a", { unknown: true }));
  assert.deepEqual(created["spec"], { count: 1 });
  const refused = await call("POST", path, order("b", { count: 11 }));
  assert.equal(
    refused["message"],
    `Order.${GROUP} "b" is invalid: spec.count: Invalid value: 11: spec.count in body should be less than or equal to 10`,
  );
});

test("a name that another definition has is not accepted until it is free", async () => {
  await established({ plural: "carts", kind: "Cart", schema: { type: "object" }, shortNames: ["c"] });
  await call(
    "POST",
    DEFINITIONS,
    definition({ plural: "coupons", kind: "Coupon", schema: { type: "object" }, shortNames: ["c"] }),
  );
  const name = `coupons.${GROUP}`;
  const isClashing = (object: KubeObject): boolean => condition(object, "NamesAccepted") === "False ShortNamesConflict";
  await until(client, DEFINITIONS, name, isClashing);
  assert.equal((await client.request({ method: "GET", path: `/apis/${GROUP}/v1/coupons` })).status, 404);
  await call("DELETE", `${DEFINITIONS}/carts.${GROUP}`);
  await until(client, DEFINITIONS, name, (object) => condition(object, "Established") === "True InitialNamesAccepted");
});

test("a definition goes after its objects, and waits for those that somebody has to finish", async () => {
  await established({ plural: "returns", kind: "Return", schema: { type: "object" } });
  const path = `/apis/${GROUP}/v1/returns`;
  const finalizers = ["shop.example.com/refund"];
  await call("POST", path, { apiVersion: `${GROUP}/v1`, kind: "Return", metadata: { name: "a", finalizers } });
  await call("POST", path, { apiVersion: `${GROUP}/v1`, kind: "Return", metadata: { name: "b" } });
  await call("DELETE", `${DEFINITIONS}/returns.${GROUP}`);
  await until(client, path, "a", ({ metadata }) => metadata.deletionTimestamp !== undefined);
  const refused = await call("POST", path, { apiVersion: `${GROUP}/v1`, kind: "Return", metadata: { name: "c" } });
  assert.match(String(refused["message"]), /create not allowed while custom resource definition is terminating/);
  const { resourceVersion = "" } = (await call("GET", `${DEFINITIONS}/returns.${GROUP}`)).metadata;
  await patched(`${path}/a`, { metadata: { finalizers: null } });
  const query = { fieldSelector: `metadata.name=returns.${GROUP}`, resourceVersion };
  const seen: string[] = [];
  for await (const { type } of client.watch(DEFINITIONS, query, AbortSignal.timeout(120_000))) {
    seen.push(type);
    if (type === "DELETED") break;
  }
  assert.equal(seen.at(-1), "DELETED");
  assert.equal((await client.request({ method: "GET", path })).status, 404);
});

test("what was so before may stay so when a rule comes later", async () => {
  const loose = objectOf({ spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } });
  await established({ plural: "stocks", kind: "Stock", schema: loose });
  const path = `/apis/${GROUP}/v1/stocks`;
  await call("POST", path, {
    apiVersion: `${GROUP}/v1`,
    kind: "Stock",
    metadata: { name: "a" },
    spec: { place: "cellar", count: -1 },
  });
  const current = await call("GET", `${DEFINITIONS}/stocks.${GROUP}`);
  const count = {
    type: "integer",
    "x-kubernetes-validations": [{ rule: "self >= 0", message: "must not be negative" }],
  };
  const strict = objectOf({
    spec: objectOf({ place: { type: "string", enum: ["shelf"] }, count, note: { type: "string" } }),
  });
  const [version] = (current["spec"] as { versions: object[] }).versions;
  const spec = { ...(current["spec"] as object), versions: [{ ...version, schema: { openAPIV3Schema: strict } }] };
  await call("PUT", `${DEFINITIONS}/stocks.${GROUP}`, { ...current, spec });
  const noted = await patched(`${path}/a`, { spec: { note: "counted" } });
  assert.deepEqual(noted["spec"], { count: -1, note: "counted", place: "cellar" });
  const refused = await patched(`${path}/a`, { spec: { count: -2 } });
  assert.equal(
    refused["message"],
    `Stock.${GROUP} "a" is invalid: spec.count: Invalid value: -2: must not be negative`,
  );
});
