import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { KubeObject } from "../object/kube-object.ts";
import { startCluster } from "../server/cluster.ts";
import { issueCertificate } from "../server/tls/certificate.ts";

const now = new Date();
const authority = issueCertificate({ commonName: "webhooks", use: "authority", now, days: 1 });
const own = issueCertificate(
  { commonName: "convert", use: "server", hosts: ["localhost", "127.0.0.1"], now, days: 1 },
  authority,
);

interface Review {
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly KubeObject[];
  };
}

let refusal: string | undefined;
let reviews = 0;

/** v1 says `size: 3x4`, v2 says `width: 3` and `height: 4`. */
function converted(object: KubeObject, apiVersion: string): KubeObject {
  const spec = object["spec"] as { readonly size?: string; readonly width?: number; readonly height?: number };
  const [width, height] = (spec.size ?? "0x0").split("x").map(Number);
  const next = apiVersion.endsWith("/v2") ? { width, height } : { size: `${spec.width ?? 0}x${spec.height ?? 0}` };
  return { ...object, apiVersion, spec: next };
}

const webhook = createServer({ key: own.key, cert: own.certificate }, async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const review = JSON.parse(Buffer.concat(chunks).toString()) as Review;
  reviews += 1;
  const { uid, desiredAPIVersion, objects } = review.request;
  const answer =
    refusal === undefined
      ? {
          uid,
          convertedObjects: objects.map((object) => converted(object, desiredAPIVersion)),
          result: { status: "Success" },
        }
      : { uid, convertedObjects: [], result: { status: "Failure", message: refusal } };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ...review, request: undefined, response: answer }));
});
webhook.listen(0, "127.0.0.1");
await once(webhook, "listening");

const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
const { client } = cluster;
after(async () => {
  await cluster.close();
  webhook.close();
});

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

async function call(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<KubeObject> {
  const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
  return (await client.request({ method, path, ...contentType, ...(body && { body }) })).body as KubeObject;
}

const objectOf = (properties: object): object => ({ type: "object", properties });

async function defineBoxes(): Promise<void> {
  const version = (name: string, storage: boolean, properties: object): object => ({
    name,
    storage,
    served: true,
    schema: { openAPIV3Schema: objectOf({ spec: objectOf(properties) }) },
  });
  const clientConfig = {
    url: `https://localhost:${(webhook.address() as AddressInfo).port}/convert`,
    caBundle: Buffer.from(authority.certificate).toString("base64"),
  };
  await call("POST", DEFINITIONS, {
    metadata: { name: "boxes.shop.example.com" },
    spec: {
      group: "shop.example.com",
      scope: "Cluster",
      names: { plural: "boxes", kind: "Box" },
      versions: [
        version("v1", true, { size: { type: "string" } }),
        version("v2", false, { width: { type: "integer" }, height: { type: "integer" } }),
      ],
      conversion: { strategy: "Webhook", webhook: { conversionReviewVersions: ["v1"], clientConfig } },
    },
  });
  const query = { fieldSelector: "metadata.name=boxes.shop.example.com" };
  for await (const { object } of client.watch(DEFINITIONS, query, AbortSignal.timeout(120_000)))
    if (JSON.stringify(object).includes("InitialNamesAccepted")) return;
}

await defineBoxes();
const at = (version: string, name = ""): string => `/apis/shop.example.com/${version}/boxes${name}`;
const box = (version: string, name: string, spec: object): object => ({
  apiVersion: `shop.example.com/${version}`,
  kind: "Box",
  metadata: { name },
  spec,
});

test("an object is read, listed and written in both versions through the webhook", async () => {
  await call("POST", at("v1"), box("v1", "a", { size: "3x4" }));
  assert.deepEqual((await call("GET", at("v2", "/a")))["spec"], { width: 3, height: 4 });
  await call("POST", at("v2"), box("v2", "b", { width: 5, height: 6 }));
  assert.deepEqual((await call("GET", at("v1", "/b")))["spec"], { size: "5x6" });
  const before = reviews;
  const { items } = (await call("GET", at("v2"))) as unknown as { readonly items: readonly KubeObject[] };
  assert.deepEqual(
    items.map((item) => [item.apiVersion, item["spec"]]),
    [
      ["shop.example.com/v2", { width: 3, height: 4 }],
      ["shop.example.com/v2", { width: 5, height: 6 }],
    ],
  );
  assert.ok(reviews - before <= 2, "objects are converted one by one");
  assert.deepEqual((await call("PATCH", at("v2", "/a"), { spec: { height: 9 } }))["spec"], { width: 3, height: 9 });
  assert.deepEqual((await call("GET", at("v1", "/a")))["spec"], { size: "3x9" });
});

test("a watch tells what happens in its own version", async () => {
  const seen: unknown[] = [];
  for await (const { type, object } of client.watch(at("v2"), {}, AbortSignal.timeout(120_000))) {
    seen.push([type, (object as KubeObject).metadata.name, (object as KubeObject)["spec"]]);
    if (seen.length === 2) await call("POST", at("v1"), box("v1", "c", { size: "7x8" }));
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen.at(-1), ["ADDED", "c", { width: 7, height: 8 }]);
});

test("what a webhook refuses is said to whoever asked", async () => {
  refusal = "no boxes today";
  const answer = await client.request({
    method: "POST",
    path: at("v2"),
    body: box("v2", "d", { width: 1, height: 2 }),
  });
  refusal = undefined;
  assert.equal(answer.status, 500);
  assert.match(
    String((answer.body as KubeObject)["message"]),
    /^conversion webhook for shop\.example\.com\/v2, Kind=Box failed: no boxes today/,
  );
});
