import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import { createHttpsClient } from "../https-client.ts";
import type { KubeClient, KubeRequest } from "../kube-client.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { startCuttingProxy } from "../tests/cutting-proxy.ts";
import { until } from "../tests/until.ts";
import { watchObjects } from "./watch-objects.ts";
import type { ObjectChange } from "./watch-objects.ts";
import { loadKubeconfig } from "../kubeconfig/load-kubeconfig.ts";
import { writeTemporary } from "../tests/write-temporary.ts";

const path = "/api/v1/namespaces/default/configmaps";

describe("watchObjects", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  });
  after(() => cluster.close());

  const write = async (method: KubeRequest["method"], name: string, value = ""): Promise<void> => {
    const body = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, labels: { value: `v${value}` } },
      data: { value },
    };
    const request: KubeRequest = { method, path: method === "POST" ? path : `${path}/${name}`, body };
    const answer = await cluster.client.request(method === "DELETE" ? { method, path: `${path}/${name}` } : request);
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  };
  const names = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name ?? "").sort();

  test("knows what is there, follows what happens, and tells what it was before", async () => {
    await write("POST", "a", "1");
    const told: string[] = [];
    const note = (change: ObjectChange): void => {
      const before = change.type === "updated" ? ` from ${String(change.previous.metadata.labels?.["value"])}` : "";
      told.push(`${change.type} ${change.object.metadata.name ?? ""}${before}`);
    };
    const watch = watchObjects(cluster.client, { path, onChange: note });
    await watch.ready;
    assert.equal(watch.get("default", "a")?.kind, "ConfigMap");
    await write("PUT", "a", "2");
    await write("POST", "b");
    await write("DELETE", "a");
    await until(() => told.length === 4);
    assert.deepEqual(told, ["added a", "updated a from v1", "added b", "deleted a"]);
    assert.deepEqual(names(watch.list()), ["b"]);
    await watch.close();
    await write("DELETE", "b");
    assert.equal(told.length, 4);
  });

  test("what it asks for is what it knows: an object that no longer matches is gone", async () => {
    await write("POST", "labelled", "1");
    const watch = watchObjects(cluster.client, { path, query: { labelSelector: "value=v1" } });
    await watch.ready;
    assert.deepEqual(names(watch.list()), ["labelled"]);
    await write("PUT", "labelled", "2");
    await until(() => watch.list().length === 0);
    await watch.close();
    await write("DELETE", "labelled");
  });

  test("lists in pages", async () => {
    const asked: KubeRequest[] = [];
    const client: KubeClient = {
      ...cluster.client,
      request: (request) => {
        asked.push(request);
        return cluster.client.request({ ...request, query: { ...request.query, limit: "2" } });
      },
    };
    for (const name of ["p1", "p2", "p3", "p4", "p5"]) await write("POST", name);
    const watch = watchObjects(client, { path });
    await watch.ready;
    assert.deepEqual(names(watch.list()), ["p1", "p2", "p3", "p4", "p5"]);
    assert.equal(asked.length, 3);
    await watch.close();
    for (const name of ["p1", "p2", "p3", "p4", "p5"]) await write("DELETE", name);
  });

  test("lists again when the server has forgotten where it was, and tells what was missed", async () => {
    let turns = 0;
    const gate = Promise.withResolvers<void>();
    const client: KubeClient = {
      request: (request) => cluster.client.request(request),
      watch: async function* (...args) {
        turns += 1;
        if (turns > 1) return yield* cluster.client.watch(...args);
        await gate.promise;
        yield { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired", message: "too old" } };
      },
    };
    await write("POST", "stays");
    await write("POST", "goes");
    const told: string[] = [];
    const troubles: unknown[] = [];
    const watch = watchObjects(client, {
      path,
      onChange: ({ type, object }) => told.push(`${type} ${object.metadata.name ?? ""}`),
      onTrouble: (error) => troubles.push(error),
    });
    await watch.ready;
    await write("DELETE", "goes");
    await write("POST", "comes");
    gate.resolve();
    await until(() => told.includes("deleted goes") && told.includes("added comes"));
    assert.equal(told.filter((each) => each.endsWith("stays")).length, 1);
    assert.deepEqual(troubles, []);
    await watch.close();
    await write("DELETE", "stays");
    await write("DELETE", "comes");
  });

  test("misses nothing and sees nothing twice while its connections are cut", async () => {
    const folder = await writeTemporary({ kubeconfig: cluster.kubeconfig });
    const proxy = await startCuttingProxy(cluster.url, 40);
    const { client } = await loadKubeconfig({ path: `${folder.path}/kubeconfig`, server: proxy.url });
    const ledger = new Map<string, string[]>();
    const watch = watchObjects(client, {
      path,
      onChange: ({ type, object }) => {
        const { name = "", resourceVersion = "" } = object.metadata;
        ledger.set(name, [...(ledger.get(name) ?? []), `${type} ${resourceVersion}`]);
      },
    });
    await watch.ready;
    for (let round = 0; proxy.cuts() < 8; round += 1) {
      await write("POST", `cut-${round}`, "1");
      await write("PUT", `cut-${round}`, "2");
      if (round % 2 === 0) await write("DELETE", `cut-${round}`);
      await new Promise((resolve) => setImmediate(resolve));
      if (round > 5_000) assert.fail("the proxy cuts nothing");
    }
    const { body } = await cluster.client.request({ method: "GET", path });
    const there = names((body as { items: KubeObject[] }).items);
    await until(() => names(watch.list()).join() === there.join());
    for (const [name, events] of ledger) {
      assert.equal(new Set(events).size, events.length, `${name}: ${events.join(", ")}`);
    }
    await watch.close();
    client.close();
    await proxy.close();
    await folder.remove();
    for (const name of there) await write("DELETE", name);
  });

  test("a kind that is not served counts as empty where that was asked for, and as trouble otherwise", async () => {
    const missing = "/apis/example.org/v1/widgets";
    const calm = watchObjects(cluster.client, { path: missing, mayBeMissing: true });
    await calm.ready;
    assert.deepEqual(calm.list(), []);
    await calm.close();
    const trouble = Promise.withResolvers<unknown>();
    const loud = watchObjects(cluster.client, { path: missing, onTrouble: trouble.resolve });
    assert.match(String(await trouble.promise), /404/u);
    await loud.close();
    await assert.rejects(loud.ready, /ended before its first list/u);
  });

  test("waits longer and longer for a server that is not there", async () => {
    const pauses: number[] = [];
    const stop = new AbortController();
    const client = createHttpsClient({ server: "http://127.0.0.1:1" });
    const watch = watchObjects(client, {
      path,
      signal: stop.signal,
      random: () => 1,
      clock: {
        now: () => 0,
        pause: async (ms) => {
          pauses.push(ms);
          if (pauses.length === 10) stop.abort();
        },
      },
    });
    await assert.rejects(watch.ready);
    await watch.close();
    assert.deepEqual(pauses, [50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    client.close();
  });
});
