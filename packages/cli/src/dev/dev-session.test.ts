// A service of one file on a real embedded cluster: saved, broken, mended, and left.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { buildImages, machinePlatform } from "@fairway/build";
import { startCluster, type Cluster } from "@fairway/cluster";
import { loadKubeconfig, type ClusterAccess } from "@fairway/kube-client";
import { imageRegistryOf, namespaceOf } from "@fairway/manifests";
import { deploy } from "../up/deploy.ts";
import { SmallPlatform, smallPlatformText } from "../up/small-platform.ts";
import { Stopwatch } from "../up/stopwatch.ts";
import { openWorkspace, type Workspace } from "../up/workspace.ts";
import { develop } from "./dev-session.ts";
import { deploymentPath, readRunning } from "./running-image.ts";
import type { DevEvent } from "./dev-event.ts";

const small = new SmallPlatform();
const { main, serviceFile, platformFile } = small;
const wanted = { service: "hello-service", namespace: "" };
let workspace: Workspace;
let cluster: Cluster;
let access: ClusterAccess;

before(async () => {
  workspace = await openWorkspace(small.folder);
  const layout = join(workspace.state, "images");
  const { signal } = new AbortController();
  const images = await buildImages({
    root: workspace.folder,
    services: workspace.sources,
    layout,
    cache: join(workspace.state, "cache", "images"),
    platforms: [machinePlatform()],
    registry: imageRegistryOf(workspace.platform),
    signal,
  });
  cluster = await startCluster({
    folder: join(workspace.state, "cluster"),
    port: 0,
    parts: "node",
    runtime: "process",
    imageLayouts: [layout],
    log: () => undefined,
  });
  access = await loadKubeconfig({ path: cluster.kubeconfigPath ?? "" });
  const deployed = await deploy(access.client, workspace, {
    environment: "dev",
    images,
    foundation: [],
    signal,
    progress: { update: () => undefined },
    stopwatch: new Stopwatch(),
  });
  assert.deepEqual(deployed.failures, []);
  Object.assign(wanted, { namespace: namespaceOf(workspace.platform, "dev", "hello-service") });
});

after(async () => {
  access?.client.close();
  await cluster?.close();
  small.remove();
});

/** A test that fails leaves nobody at work, who would keep the others waiting. */
let atWork: Work | undefined;
afterEach(async () => {
  await atWork?.leave();
});

/** What happens to somebody who works on the service, in order. */
class Work {
  readonly #stop = new AbortController();
  readonly #events: DevEvent[] = [];
  readonly #done: Promise<void>;
  #heard: (() => void) | undefined;

  constructor() {
    this.#done = develop({
      place: workspace,
      environment: "dev",
      service: "hello-service",
      prepare: () => Promise.resolve([]),
      client: access.client,
      signal: this.#stop.signal,
      report: (event) => {
        this.#events.push(event);
        this.#heard?.();
      },
    });
  }

  async next<K extends DevEvent["event"]>(kind: K): Promise<Extract<DevEvent, { event: K }>> {
    for (;;) {
      const event = this.#events.shift();
      if (event?.event === kind) return event as Extract<DevEvent, { event: K }>;
      assert.ok(event === undefined || event.event === "rolling-out", `${kind} was awaited: ${JSON.stringify(event)}`);
      if (event !== undefined) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await Promise.race([promise, this.#done]);
    }
  }

  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async end(): Promise<Extract<DevEvent, { event: "ended" }>> {
    await this.leave();
    return this.next("ended");
  }
}

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly [field: string]: unknown;
}

async function read(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  return access.client.request({ method: "GET", path });
}

async function container(): Promise<Container> {
  const { body } = await read(deploymentPath(wanted));
  const { spec } = body as { spec: { template: { spec: { containers: readonly Container[] } } } };
  const [first] = spec.template.spec.containers;
  assert.ok(first);
  return first;
}

async function valueOf(variable: string): Promise<string | undefined> {
  return (await container()).env.find(({ name }) => name === variable)?.value;
}

function kindsOf({ changes }: Extract<DevEvent, { event: "applied" }>): readonly string[] {
  return changes.map(({ kind, change }) => `${kind} ${change}`).toSorted();
}

test("each save is rolled out; what does not compile or start leaves the version before in its place", async () => {
  const work = (atWork = new Work());
  assert.deepEqual((await work.next("watching")).folders, [join(workspace.folder, "hello-service")]);
  assert.equal((await work.next("unchanged")).version, "0.0.0");
  assert.equal((await container())["lifecycle"], undefined, "pods end when they are replaced");

  small.write({ start: "console.log(1);" });
  const first = await work.next("serving");
  assert.equal(first.version, "0.0.0-dev.1");
  assert.ok(first.tookMs >= first.buildMs + first.rolloutMs);

  small.write({ start: "const broken = ;" });
  const { compile } = await work.next("not-compiled");
  assert.deepEqual(
    compile.problems.map(({ file, line, column, message }) => ({ file, line, column, message })),
    [{ file: main, line: 3, column: 16, message: "Unexpected token" }],
  );

  small.write({ start: `throw new Error("no luck today");` });
  const failing = await work.next("failing");
  assert.equal(failing.reason, "it ended with 1");
  assert.match(failing.log, /no luck today/);
  assert.deepEqual([failing.version, failing.serving], ["0.0.0-dev.2", "0.0.0-dev.1"]);

  small.write({ start: "console.log(1);" });
  assert.equal((await work.next("serving")).version, "0.0.0-dev.1", "what was tried before keeps its version");
  assert.deepEqual(await work.end(), { event: "ended", version: "0.0.0-dev.1", wentBack: false });
});

test("who leaves a version that does not start goes back to the one that serves", async () => {
  small.write({ start: "console.log(2);" });
  const work = (atWork = new Work());
  await work.next("watching");
  const { version } = await work.next("serving");
  const good = await readRunning(access.client, wanted);
  small.write({ start: "process.exit(3);" });
  assert.equal((await work.next("failing")).reason, "it ended with 3");
  assert.notDeepEqual(await readRunning(access.client, wanted), good);
  assert.deepEqual(await work.end(), { event: "ended", version, wentBack: true });
  assert.deepEqual(await readRunning(access.client, wanted), good);
});

test("a saved description is applied: variables in new pods, routes without; what is no longer described goes", async () => {
  small.write({ start: "console.log(3);" });
  const work = (atWork = new Work());
  await work.next("watching");
  const { version } = await work.next("serving");

  small.describe({ more: "env: { GREETING: hello }" });
  const variable = await work.next("applied");
  assert.deepEqual([variable.paths, kindsOf(variable)], [[serviceFile], ["Deployment changed"]]);
  assert.equal((await work.next("serving")).version, version, "the image is the one of before");
  assert.equal(await valueOf("GREETING"), "hello");

  small.describe({ http: "{ port: 8080, public: [/hello] }", more: "env: { GREETING: hello }" });
  const route = await work.next("applied");
  assert.ok(kindsOf(route).includes("Ingress created"), kindsOf(route).join(", "));
  const ingress = `/apis/networking.k8s.io/v1/namespaces/${wanted.namespace}/ingresses/hello-service`;
  assert.equal((await read(ingress)).status, 200);

  small.describe({ more: "env: { GREETING: hello }" });
  assert.ok(kindsOf(await work.next("applied")).includes("Ingress removed"));
  assert.equal((await read(ingress)).status, 404);

  writeFileSync(platformFile, smallPlatformText.replace("small.example.com", "large.example.com"));
  assert.deepEqual((await work.next("applied")).paths, [platformFile]);
  assert.equal((await work.end()).wentBack, false);
});

test("a wrong description is told with its place, and everything goes on; programs are still rolled out", async () => {
  const work = (atWork = new Work());
  await work.next("watching");
  await work.next("unchanged");
  small.describe({ more: "env: { GREETING: [] }" });
  const { reason, paths } = await work.next("not-applied");
  assert.match(reason, /hello-service\/service\.yaml:9:\d+: error: /);
  assert.deepEqual(paths, [serviceFile]);
  assert.equal(await valueOf("GREETING"), "hello");
  small.write({ start: "console.log(4);" });
  await work.next("serving");
  small.describe({ more: "env: { GREETING: goodbye }" });
  await work.next("applied");
  await work.next("serving");
  assert.equal(await valueOf("GREETING"), "goodbye");
  await work.end();
});

test("who leaves a description that the service does not start with goes back to the one that it serves with", async () => {
  small.describe({ more: "env: { GREETING: goodbye }" });
  small.write({ start: `if (process.env["GREETING"] === "none") throw new Error("nothing to say");` });
  const work = (atWork = new Work());
  await work.next("watching");
  await work.next("serving");
  small.describe({ http: "{ port: 8080, public: [/hello] }", more: "env: { GREETING: none }" });
  await work.next("applied");
  const failing = await work.next("failing");
  assert.equal(failing.changed, "description");
  assert.match(failing.log, /nothing to say/);
  assert.equal(await valueOf("GREETING"), "none");
  assert.equal((await work.end()).wentBack, true);
  assert.equal(await valueOf("GREETING"), "goodbye");
});

test("another service that comes, changes and goes while this one is worked on is applied too", async () => {
  small.describe({});
  small.write({});
  let work = (atWork = new Work());
  await work.next("watching");
  await work.next("serving");
  const other = join(workspace.folder, "other-service/service.yaml");
  small.write({ name: "other-service" });
  small.describe({ name: "other-service" });
  const come = await work.next("applied");
  assert.deepEqual(come.paths, [other]);
  assert.ok(kindsOf(come).includes("Deployment created"), kindsOf(come).join(", "));

  small.describe({ name: "other-service", more: "env: { GREETING: hello }" });
  assert.deepEqual(kindsOf(await work.next("applied")), ["Deployment changed"]);
  await work.end();

  work = atWork = new Work();
  await work.next("watching");
  await work.next("unchanged");
  small.describe({ name: "other-service", more: "env: { GREETING: [] }" });
  assert.match((await work.next("not-applied")).reason, /other-service\/service\.yaml:9:\d+: error: /);

  rmSync(join(workspace.folder, "other-service"), { recursive: true });
  assert.ok(kindsOf(await work.next("applied")).includes("Deployment removed"));
  assert.equal((await work.end()).wentBack, false);
});
