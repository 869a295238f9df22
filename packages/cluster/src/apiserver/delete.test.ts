import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { KubeObject } from "../object/kube-object.ts";
import { startCluster } from "../server/cluster.ts";

const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
after(() => cluster.close());
const { client } = cluster;

const namespace = "/api/v1/namespaces/default";

/** What whoever watches is told of an object, until it is gone. */
async function told(plural: string, name: string, version: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: version };
  for await (const { type, object } of client.watch(`${namespace}/${plural}`, query, AbortSignal.timeout(120_000))) {
    const { deletionTimestamp, deletionGracePeriodSeconds: grace } = (object as KubeObject).metadata;
    lines.push(`${type}${deletionTimestamp === undefined ? "" : `, ends after ${grace} s`}`);
    if (type === "DELETED") return lines;
  }
  return lines;
}

async function created(plural: string, body: object): Promise<string> {
  const answer = await client.request({ method: "POST", path: `${namespace}/${plural}`, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return (answer.body as KubeObject).metadata.resourceVersion ?? "";
}

test("who watches a pod sees that it has to end now, and then that it is gone", async () => {
  await created("serviceaccounts", { metadata: { name: "default" } });
  const spec = { containers: [{ name: "main", image: "example.com/main:1" }] };
  const version = await created("pods", { metadata: { name: "short" }, spec });
  const path = `${namespace}/pods/short`;
  const answer = await client.request({ method: "DELETE", path, query: { gracePeriodSeconds: "0" } });
  assert.equal((answer.body as KubeObject).metadata.deletionGracePeriodSeconds, 0);
  assert.deepEqual(await told("pods", "short", version), ["MODIFIED, ends after 0 s", "DELETED, ends after 0 s"]);
  assert.equal((await client.request({ method: "GET", path })).status, 404);
});

test("what has no processes to end is only gone", async () => {
  const version = await created("configmaps", { metadata: { name: "short" } });
  await client.request({ method: "DELETE", path: `${namespace}/configmaps/short` });
  assert.deepEqual(await told("configmaps", "short", version), ["DELETED"]);
});
