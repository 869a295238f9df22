import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import { applyObjects } from "../apply/apply-objects.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { pruneObjects } from "./prune-objects.ts";

const object = (kind: string, name: string, metadata: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "default", labels: { set: "mine" }, ...metadata },
});

describe("deleteObjects and pruneObjects", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  });
  after(() => cluster.close());

  const apply = async (...objects: KubeObject[]): Promise<readonly KubeObject[]> => {
    const outcomes = await applyObjects(cluster.client, objects, { fieldManager: "fairway" });
    return outcomes.map((each) => each.object);
  };
  const statusOf = async (name: string, plural = "configmaps"): Promise<number> =>
    (await cluster.client.request({ method: "GET", path: `/api/v1/namespaces/default/${plural}/${name}` })).status;

  test("deletes in the opposite order, and passes over what is not there", async () => {
    await apply(object("ConfigMap", "c"), object("Secret", "s"));
    const told: string[] = [];
    const wanted = [object("Secret", "s"), object("ConfigMap", "never"), object("ConfigMap", "c")];
    const unknown: KubeObject = { apiVersion: "example.org/v1", kind: "Nothing", metadata: { name: "n" } };
    const deleted = await deleteObjects(cluster.client, [...wanted, unknown], {
      onDeleted: ({ kind }) => told.push(kind),
    });
    assert.deepEqual(told, ["ConfigMap", "Secret"]);
    assert.equal(deleted.length, 2);
    assert.equal(await statusOf("c"), 404);
  });

  test("an object with a uid means that one, and no later one of its name", async () => {
    const [old] = await apply(object("ConfigMap", "again"));
    assert.ok(old);
    await deleteObjects(cluster.client, [old]);
    await apply(object("ConfigMap", "again"));
    assert.deepEqual(await deleteObjects(cluster.client, [old], { wait: true }), []);
    assert.equal(await statusOf("again"), 200);
    assert.equal((await deleteObjects(cluster.client, [object("ConfigMap", "again")], { dryRun: true })).length, 1);
    assert.equal(await statusOf("again"), 200);
  });

  test("waits until it is gone, and says what holds it", async () => {
    const held = object("ConfigMap", "held", { finalizers: ["example.org/hold"] });
    await apply(held);
    let time = 0;
    const clock = {
      now: () => time,
      pause: async (ms: number) => {
        time += ms;
      },
    };
    await assert.rejects(deleteObjects(cluster.client, [held], { wait: true, patienceMs: 5_000, clock }), {
      code: "timeout",
      message: "ConfigMap default/held is not gone after 5 s: its finalizers wait: example.org/hold",
    });
    const release = async (): Promise<void> => {
      await cluster.client.request({
        method: "PATCH",
        path: "/api/v1/namespaces/default/configmaps/held",
        contentType: "application/merge-patch+json",
        body: { metadata: { finalizers: null } },
      });
    };
    const released = await deleteObjects(cluster.client, [held], { wait: true, clock: { ...clock, pause: release } });
    assert.equal(released.length, 1);
    assert.equal(await statusOf("held"), 404);
  });

  test("prunes what this manager applied with the labels and does not apply any more", async () => {
    const keep = object("ConfigMap", "keep");
    await apply(
      keep,
      object("ConfigMap", "drop"),
      object("Secret", "drop"),
      object("ConfigMap", "other", { labels: {} }),
    );
    const foreign = { ...object("ConfigMap", "foreign") };
    await cluster.client.request({ method: "POST", path: "/api/v1/namespaces/default/configmaps", body: foreign });
    const options = { selector: "set=mine", fieldManager: "fairway", keep: [keep] };
    const wish = await pruneObjects(cluster.client, { ...options, dryRun: true });
    assert.equal(wish.length, 3);
    assert.equal(await statusOf("drop"), 200);
    const elsewhere = await pruneObjects(cluster.client, { ...options, namespaces: ["elsewhere"] });
    assert.deepEqual(elsewhere, []);
    const kinds = [{ apiVersion: "v1", kind: "Secret" }];
    const secrets = await pruneObjects(cluster.client, { ...options, kinds });
    assert.deepEqual(
      secrets.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ""}`),
      ["Secret drop"],
    );
    const rest = await pruneObjects(cluster.client, options);
    assert.deepEqual(rest.map(({ metadata }) => metadata.name).sort(), ["again", "drop"]);
    assert.deepEqual([await statusOf("keep"), await statusOf("other"), await statusOf("foreign")], [200, 200, 200]);
    await assert.rejects(pruneObjects(cluster.client, { ...options, selector: " " }), { code: "invalid" });
  });
});
