import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import type { KubeAnswer, KubeClient, KubeRequest } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import type { Clock } from "../objects/pace.ts";
import { applyObjects } from "./apply-objects.ts";
import type { ApplyOutcome } from "./apply-outcome.ts";

const configMap = (name: string, data: Record<string, string>, namespace = "default"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

const namespace = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const definition = (kind: string, plural: string): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.example.org` },
  spec: {
    group: "example.org",
    names: { kind, plural },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});

/** Time that passes only by waiting. */
function countedClock(): Clock & { readonly pauses: number[] } {
  let time = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    pause: async (ms, signal) => {
      signal?.throwIfAborted();
      time += ms;
      pauses.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Answers some requests itself before the others go on. */
function faulty(client: KubeClient, answer: (request: KubeRequest) => KubeAnswer | undefined): KubeClient {
  return {
    request: async (request) => answer(request) ?? client.request(request),
    watch: (path, query, signal) => client.watch(path, query, signal),
  };
}

const status = (code: number, message: string, more: Record<string, unknown> = {}): KubeAnswer => ({
  status: code,
  body: { kind: "Status", status: "Failure", message, code, ...more },
});

describe("applyObjects", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  });
  after(() => cluster.close());

  const options = { fieldManager: "fairway" };

  test("makes what is not there and says so, and the second time that it was there", async () => {
    const objects = [configMap("twice", { a: "1" })];
    const first = await applyObjects(cluster.client, objects, options);
    const second = await applyObjects(cluster.client, objects, options);
    assert.deepEqual(
      [first, second].map(([outcome]) => outcome?.result),
      ["created", "applied"],
    );
    assert.equal(second[0]?.object.metadata.name, "twice");
  });

  test("applies kinds in the order in which one needs the other, whatever order they are given in", async () => {
    const told: string[] = [];
    await applyObjects(
      cluster.client,
      [
        { apiVersion: "example.org/v1", kind: "Gadget", metadata: { name: "g", namespace: "ordered" } },
        configMap("c", {}, "ordered"),
        definition("Gadget", "gadgets"),
        { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "ordered" } },
        namespace("ordered"),
      ],
      { ...options, onApplied: ({ object }) => told.push(object.kind) },
    );
    assert.deepEqual(told, ["Namespace", "Secret", "ConfigMap", "CustomResourceDefinition", "Gadget"]);
  });

  test("waits for a kind that the same run brings, and not for one that nobody brings", async () => {
    let refusals = 0;
    const client = faulty(cluster.client, ({ path, method }) => {
      if (method !== "GET" || path !== "/apis/example.org/v1" || refusals === 3) return undefined;
      refusals += 1;
      return status(404, "the server could not find the requested resource");
    });
    const clock = countedClock();
    const widget: KubeObject = { apiVersion: "example.org/v1", kind: "Widget", metadata: { name: "w" } };
    const outcomes = await applyObjects(client, [definition("Widget", "widgets"), widget], { ...options, clock });
    assert.equal(outcomes.length, 2);
    assert.ok(refusals === 3 && clock.pauses.length >= 3);

    const nobody: KubeObject = { apiVersion: "example.com/v1", kind: "Nobody", metadata: { name: "n" } };
    await assert.rejects(applyObjects(cluster.client, [nobody], options), {
      code: "not-applied",
      message: /1 of 1 objects were not applied:\n {2}Nobody n: the cluster knows no kind Nobody in example.com\/v1/u,
    });
  });

  test("names every object that is refused after the others are applied", async () => {
    const bad: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "Bad_Name", namespace: "default" },
    };
    const lost = configMap("lost", {}, "nowhere");
    const failure = await applyObjects(cluster.client, [bad, lost, configMap("good", { ok: "yes" })], options).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(failure instanceof KubeError);
    assert.match(failure.message, /2 of 3 objects[\s\S]*Bad_Name[\s\S]*namespaces "nowhere" not found/u);
    const good = await cluster.client.request({ method: "GET", path: "/api/v1/namespaces/default/configmaps/good" });
    assert.equal(good.status, 200);
  });

  test("tells whose field it would take, and takes it only by force", async () => {
    await applyObjects(cluster.client, [configMap("shared", { owner: "first" })], { fieldManager: "first" });
    const wish = [configMap("shared", { owner: "second" })];
    const [conflict] = await applyObjects(cluster.client, wish, { fieldManager: "second" });
    assert.deepEqual(
      conflict?.result === "conflict" && conflict.conflicts.map(({ manager, field }) => ({ manager, field })),
      [{ manager: "first", field: ".data.owner" }],
    );
    const [taken] = await applyObjects(cluster.client, wish, { fieldManager: "second", force: true });
    assert.equal(taken?.result, "applied");
  });

  test("goes on after an overloaded server, one that breaks and a webhook that is just starting", async () => {
    const troubles: (KubeAnswer | KubeError)[] = [
      { ...status(429, "too many requests"), retryAfterSeconds: 3 },
      status(503, "the server is currently unable to handle the request"),
      status(500, 'failed calling webhook "check.example.org": connection refused'),
      new KubeError("unreachable", "the connection was cut"),
      status(409, "the object has been modified"),
    ];
    const client = faulty(cluster.client, ({ method }) => {
      const trouble = method === "PATCH" ? troubles.shift() : undefined;
      if (trouble instanceof KubeError) throw trouble;
      return trouble;
    });
    const clock = countedClock();
    const [outcome] = await applyObjects(client, [configMap("patient", {})], { ...options, clock });
    assert.equal(outcome?.result, "created");
    assert.equal(clock.pauses.length, 5);
    assert.equal(clock.pauses[0], 3_000);
  });

  test("gives up after its patience, with the last thing that was said", async () => {
    const client = faulty(cluster.client, ({ method }) => (method === "PATCH" ? status(503, "not today") : undefined));
    const clock = countedClock();
    const run = applyObjects(client, [configMap("late", {})], { ...options, clock, patienceMs: 10_000 });
    await assert.rejects(run, { code: "not-applied", message: /503: not today/u });
    assert.ok(clock.now() > 5_000 && clock.now() <= 10_000);
  });

  test("has no more than eight requests under way", async () => {
    let [open, most] = [0, 0];
    const client: KubeClient = {
      ...cluster.client,
      request: async (request) => {
        open += 1;
        most = Math.max(most, open);
        const answer = await cluster.client.request(request);
        open -= 1;
        return answer;
      },
    };
    const many = Array.from({ length: 40 }, (_, index) => configMap(`many-${index}`, {}));
    const outcomes = await applyObjects(client, many, options);
    assert.equal(outcomes.length, 40);
    assert.ok(most > 1 && most <= 8, `${most}`);
  });

  test("opens lists, applies twins once, and refuses two objects of one name that differ", async () => {
    const list: KubeObject = {
      apiVersion: "v1",
      kind: "List",
      metadata: {},
      items: [configMap("item", { a: "1" }), configMap("item", { a: "1" })],
    };
    const outcomes: readonly ApplyOutcome[] = await applyObjects(cluster.client, [list], options);
    assert.equal(outcomes.length, 1);
    await assert.rejects(applyObjects(cluster.client, [list, configMap("item", { a: "2" })], options), {
      code: "invalid",
      message: /ConfigMap default\/item is given twice, and differently/u,
    });
  });

  test("changes nothing in a dry run, and ends with the signal", async () => {
    await applyObjects(cluster.client, [configMap("dry", {})], { ...options, dryRun: true });
    const dry = await cluster.client.request({ method: "GET", path: "/api/v1/namespaces/default/configmaps/dry" });
    assert.equal(dry.status, 404);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(applyObjects(cluster.client, [configMap("dry", {})], { ...options, signal }), /enough/u);
  });
});
