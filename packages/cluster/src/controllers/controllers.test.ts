import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KubeClient, KubeRequest } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { startCluster, type Cluster } from "../server/cluster.ts";

type Item = KubeObject & { spec?: Record<string, unknown>; status?: Record<string, unknown> };

const patienceMs = 120_000;
const lookMs = 10;

/** One namespace of a whole API server with all controllers, in this process and in memory. */
class Place {
  readonly namespace: string;
  private readonly client: KubeClient;

  constructor(client: KubeClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  async ask(method: KubeRequest["method"], path: string, body?: unknown, contentType?: string): Promise<Item> {
    const request = { method, path, ...(body === undefined ? {} : { body }) };
    const answer = await this.client.request(contentType === undefined ? request : { ...request, contentType });
    return answer.body as Item;
  }

  path(apiVersion: string, plural: string, name = ""): string {
    const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    return `${root}/namespaces/${this.namespace}/${plural}${name === "" ? "" : `/${name}`}`;
  }

  async make(apiVersion: string, plural: string, object: object): Promise<Item> {
    const made = await this.ask("POST", this.path(apiVersion, plural), object);
    assert.notEqual(made.kind, "Status", JSON.stringify(made));
    return made;
  }

  patch(path: string, body: unknown): Promise<Item> {
    return this.ask("PATCH", path, body, "application/merge-patch+json");
  }

  async list(apiVersion: string, plural: string, labels = ""): Promise<Item[]> {
    const path = this.path(apiVersion, plural);
    const answer = await this.client.request({ method: "GET", path, query: { labelSelector: labels } });
    return (answer.body as { items?: Item[] }).items ?? [];
  }

  /** Asks until it is so. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      assert.ok(performance.now() < deadline, `${what} did not come about`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  /** Nothing runs here: a test says what becomes of pods. */
  async run(pods: readonly Item[], phase = "Running"): Promise<void> {
    const ready = { type: "Ready", status: phase === "Running" ? "True" : "False" };
    for (const { metadata } of pods) {
      const path = `${this.path("v1", "pods", metadata.name)}/status`;
      await this.patch(path, { status: { phase, conditions: [ready] } });
    }
  }

  async podsOf(labels: string, count: number): Promise<Item[]> {
    return this.until(`${count} pods of ${labels}`, async () => {
      const pods = await this.list("v1", "pods", labels);
      return pods.length === count ? pods : undefined;
    });
  }
}

const podSpec = { schedulerName: "nobody", containers: [{ name: "c", image: "i" }] };
const template = (labels: Record<string, string>) => ({ metadata: { labels }, spec: podSpec });

describe("controllers against the API server", () => {
  let cluster: Cluster;
  let serial = 0;

  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "controllers", log: () => undefined });
  });
  after(() => cluster.close());

  async function place(): Promise<Place> {
    serial += 1;
    const namespace = `n${serial}`;
    const made = new Place(cluster.client, namespace);
    await made.ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    return made;
  }

  test("a deployment rolls from one template to the next and takes its pods along when it goes", async () => {
    const here = await place();
    const spec = { replicas: 2, selector: { matchLabels: { app: "x" } }, template: template({ app: "x" }) };
    await here.make("apps/v1", "deployments", { metadata: { name: "d" }, spec });
    await here.run(await here.podsOf("app=x", 2));
    const path = here.path("apps/v1", "deployments", "d");
    const isOut = async () => {
      const { status, metadata } = await here.ask("GET", path);
      const isDone = status?.["updatedReplicas"] === 2 && status["availableReplicas"] === 2 && status["replicas"] === 2;
      return isDone && status["observedGeneration"] === metadata.generation ? metadata : undefined;
    };
    await here.until("the first rollout", isOut);
    await here.patch(path, { spec: { template: { metadata: { annotations: { round: "2" } } } } });
    const metadata = await here.until("the second rollout", async () => {
      const pods = await here.list("v1", "pods", "app=x");
      await here.run(pods.filter(({ status }) => status?.["phase"] !== "Running"));
      return isOut();
    });
    assert.equal(metadata.annotations?.["deployment.kubernetes.io/revision"], "2");
    await here.ask("DELETE", path, { propagationPolicy: "Background" });
    await here.podsOf("app=x", 0);
    await here.until("the end of its replica sets", async () => {
      const left = await here.list("apps/v1", "replicasets");
      return left.length === 0 ? true : undefined;
    });
  });

  test("a stateful set makes its pods one after the other, under the same names", async () => {
    const here = await place();
    const spec = {
      replicas: 2,
      serviceName: "s",
      selector: { matchLabels: { app: "x" } },
      template: template({ app: "x" }),
    };
    await here.make("apps/v1", "statefulsets", { metadata: { name: "s" }, spec });
    const first = await here.podsOf("app=x", 1);
    assert.deepEqual(
      first.map(({ metadata }) => metadata.name),
      ["s-0"],
    );
    await here.run(first);
    const both = await here.podsOf("app=x", 2);
    assert.deepEqual(both.map(({ metadata }) => metadata.name).sort(), ["s-0", "s-1"]);
  });

  test("a job counts the pods that ended, once each, and is complete", async () => {
    const here = await place();
    const spec = { completions: 2, parallelism: 2, template: { spec: { ...podSpec, restartPolicy: "Never" } } };
    await here.make("batch/v1", "jobs", { metadata: { name: "j" }, spec });
    await here.run(await here.podsOf("batch.kubernetes.io/job-name=j", 2), "Succeeded");
    const status = await here.until("its end", async () => {
      const job = await here.ask("GET", here.path("batch/v1", "jobs", "j"));
      return job.status?.["completionTime"] === undefined ? undefined : job.status;
    });
    assert.equal(status["succeeded"], 2);
    const pods = await here.list("v1", "pods");
    assert.ok(pods.every(({ metadata }) => (metadata.finalizers ?? []).length === 0));
  });

  test("a job with too many failed indexes ends, and what it takes along has not failed by itself", async () => {
    const here = await place();
    const indexes = { completionMode: "Indexed", completions: 3, parallelism: 3, backoffLimitPerIndex: 0 };
    const spec = { ...indexes, maxFailedIndexes: 0, template: { spec: { ...podSpec, restartPolicy: "Never" } } };
    await here.make("batch/v1", "jobs", { metadata: { name: "j" }, spec });
    const pods = await here.podsOf("batch.kubernetes.io/job-name=j", 3);
    const last = pods.filter(({ metadata }) => metadata.labels?.["batch.kubernetes.io/job-completion-index"] === "2");
    await here.run(pods.filter((pod) => !last.includes(pod)));
    await here.run(last, "Failed");
    const status = await here.until("its end", async () => {
      // Nothing runs here that would end the pods which the job has deleted.
      const left = await here.list("v1", "pods");
      await here.run(
        left.filter(({ metadata }) => metadata.deletionTimestamp !== undefined),
        "Failed",
      );
      const job = await here.ask("GET", here.path("batch/v1", "jobs", "j"));
      const conditions = (job.status?.["conditions"] ?? []) as { readonly type: string }[];
      return conditions.some(({ type }) => type === "Failed") ? job.status : undefined;
    });
    assert.deepEqual([status["failed"], status["failedIndexes"]], [3, "2"]);
  });

  test("a daemon set that can't make its pods tells on how many nodes they are missing", async () => {
    const here = await place();
    await here.ask("POST", "/api/v1/nodes", { metadata: { name: "one" } });
    const refused = { ...podSpec, serviceAccountName: "nobody" };
    const spec = {
      selector: { matchLabels: { app: "x" } },
      template: { metadata: { labels: { app: "x" } }, spec: refused },
    };
    await here.make("apps/v1", "daemonsets", { metadata: { name: "d" }, spec });
    const status = await here.until("its status", async () => {
      const set = await here.ask("GET", here.path("apps/v1", "daemonsets", "d"));
      return set.status?.["observedGeneration"] === 1 ? set.status : undefined;
    });
    assert.deepEqual(
      [status["desiredNumberScheduled"], status["currentNumberScheduled"], status["numberUnavailable"]],
      [1, 0, 1],
    );
    await here.ask("DELETE", here.path("apps/v1", "daemonsets", "d"));
    await here.ask("DELETE", "/api/v1/nodes/one");
  });

  test("a budget tells how many may go, and evictions heed it", async () => {
    const here = await place();
    const spec = { replicas: 2, selector: { matchLabels: { app: "x" } }, template: template({ app: "x" }) };
    await here.make("apps/v1", "replicasets", { metadata: { name: "r" }, spec });
    const budget = { selector: { matchLabels: { app: "x" } }, maxUnavailable: 1 };
    await here.make("policy/v1", "poddisruptionbudgets", { metadata: { name: "b" }, spec: budget });
    const pods = await here.podsOf("app=x", 2);
    await here.run(pods);
    await here.until("room for one", async () => {
      const { status } = await here.ask("GET", here.path("policy/v1", "poddisruptionbudgets", "b"));
      return status?.["disruptionsAllowed"] === 1 ? status : undefined;
    });
    const answers = [];
    for (const { metadata } of pods) {
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: metadata.name } };
      answers.push(await here.ask("POST", `${here.path("v1", "pods", metadata.name)}/eviction`, body));
    }
    const [allowed, refused] = answers as { status?: unknown; code?: number }[];
    assert.equal(allowed?.status, "Success");
    assert.equal(refused?.code, 429);
  });

  test("a quota goes down again when what it counted has gone", async () => {
    const here = await place();
    await here.make("v1", "resourcequotas", { metadata: { name: "q" }, spec: { hard: { "count/configmaps": "9" } } });
    const used = async (count: string) => {
      const { status } = await here.ask("GET", here.path("v1", "resourcequotas", "q"));
      const now = (status?.["used"] as Record<string, string> | undefined)?.["count/configmaps"];
      return now === count ? now : undefined;
    };
    // The authority's certificate is there already, or will be.
    await here.until("the first count", () => used("1"));
    await here.make("v1", "configmaps", { metadata: { name: "c" } });
    await here.until("one more", () => used("2"));
    await here.ask("DELETE", here.path("v1", "configmaps", "c"));
    await here.until("one less", () => used("1"));
  });

  test("a service names the pods that are ready", async () => {
    const here = await place();
    await here.make("v1", "services", {
      metadata: { name: "s" },
      spec: { selector: { app: "x" }, ports: [{ port: 80 }] },
    });
    await here.ask("POST", "/api/v1/nodes", { metadata: { name: `${here.namespace}-node` } });
    const spec = { ...podSpec, nodeName: `${here.namespace}-node` };
    await here.make("v1", "pods", { metadata: { name: "p", labels: { app: "x" } }, spec });
    const status = { podIP: "192.0.2.1", podIPs: [{ ip: "192.0.2.1" }], phase: "Running" };
    await here.patch(`${here.path("v1", "pods", "p")}/status`, {
      status: { ...status, conditions: [{ type: "Ready", status: "True" }] },
    });
    const [endpoint] = await here.until("its address", async () => {
      const slices = await here.list("discovery.k8s.io/v1", "endpointslices", "kubernetes.io/service-name=s");
      const endpoints = slices.flatMap((slice) => (slice["endpoints"] as { addresses: string[] }[] | undefined) ?? []);
      return endpoints.length > 0 ? endpoints : undefined;
    });
    assert.deepEqual(endpoint?.addresses, ["192.0.2.1"]);
  });

  test("a class of volume attributes stays as long as a claim asks for it", async () => {
    const here = await place();
    const root = "/apis/storage.k8s.io/v1/volumeattributesclasses";
    const [free, used] = ["free", "used"].map((each) => `${here.namespace}-${each}`);
    for (const name of [free, used]) {
      await here.ask("POST", root, { metadata: { name }, driverName: "files.test", parameters: { speed: "high" } });
    }
    await here.make("v1", "persistentvolumeclaims", {
      metadata: { name: "c" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        volumeAttributesClassName: used,
      },
    });
    const isGone = async (name = ""): Promise<true | undefined> =>
      ((await here.ask("GET", `${root}/${name}`)) as { code?: number }).code === 404 ? true : undefined;
    for (const name of [used, free]) await here.ask("DELETE", `${root}/${name}`);
    await here.until("the end of what nobody uses", () => isGone(free));
    assert.equal(await isGone(used), undefined);
    await here.ask("DELETE", here.path("v1", "persistentvolumeclaims", "c"));
    await here.until("the end of what nobody uses any more", () => isGone(used));
  });

  test("a namespace goes with everything in it", async () => {
    const here = await place();
    await here.make("v1", "configmaps", { metadata: { name: "c" } });
    const spec = { replicas: 1, selector: { matchLabels: { app: "x" } }, template: template({ app: "x" }) };
    await here.make("apps/v1", "deployments", { metadata: { name: "d" }, spec });
    await here.podsOf("app=x", 1);
    await here.ask("DELETE", `/api/v1/namespaces/${here.namespace}`);
    await here.until("its end", async () => {
      const answer = (await here.ask("GET", `/api/v1/namespaces/${here.namespace}`)) as { code?: number };
      return answer.code === 404 ? true : undefined;
    });
  });
});
