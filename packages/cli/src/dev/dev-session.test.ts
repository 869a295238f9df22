// A service of one file on a real embedded cluster: saved, broken, mended, and left.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { buildImages, machinePlatform } from "@fairway/build";
import { startCluster, type Cluster } from "@fairway/cluster";
import { loadKubeconfig, type ClusterAccess } from "@fairway/kube-client";
import { imageRegistryOf, namespaceOf } from "@fairway/manifests";
import { deploy } from "../up/deploy.ts";
import { Stopwatch } from "../up/stopwatch.ts";
import { openWorkspace, type Workspace } from "../up/workspace.ts";
import { develop } from "./dev-session.ts";
import { readRunning } from "./running-image.ts";
import type { DevEvent } from "./dev-event.ts";

const platform = `
apiVersion: fairway.dev/v1
kind: Platform
metadata: { name: small }
spec:
  domain: small.example.com
  environments: [{ name: dev }]
  registry: { type: ghcr, address: ghcr.io/example/small }
`;
const description = `
apiVersion: fairway.dev/v1
kind: Service
metadata: { name: hello-service, owner: team-hello }
spec:
  language: typescript
  http: { port: 8080 }
  release: { strategy: rolling }
`;

/** Answers probes, and everything else too. */
const program = (start: string): string => `
import { createServer } from "node:http";
${start}
const server = createServer((_, response) => response.end("hello"));
server.listen(Number(process.env["PORT"]), process.env["HOST"]);
process.on("SIGTERM", () => process.exit(0));
`;

const folder = mkdtempSync(join(tmpdir(), "fairway-dev-"));
const main = join(folder, "hello-service/src/main.ts");
const wanted = { service: "hello-service", namespace: "" };
let workspace: Workspace;
let cluster: Cluster;
let access: ClusterAccess;

before(async () => {
  mkdirSync(join(folder, "hello-service/src"), { recursive: true });
  writeFileSync(join(folder, "platform.yaml"), platform);
  writeFileSync(join(folder, "hello-service/service.yaml"), description);
  writeFileSync(main, program(""));
  workspace = await openWorkspace(folder);
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
  rmSync(folder, { recursive: true, force: true });
});

/** What happens to somebody who works on the service, in order. */
class Work {
  readonly #stop = new AbortController();
  readonly #events: DevEvent[] = [];
  readonly #done: Promise<void>;
  #heard: (() => void) | undefined;

  constructor() {
    const [source] = workspace.sources;
    assert.ok(source);
    this.#done = develop({
      workspace,
      client: access.client,
      wanted,
      source,
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

  async end(): Promise<Extract<DevEvent, { event: "ended" }>> {
    this.#stop.abort();
    await this.#done;
    return this.next("ended");
  }
}

test("each save is rolled out; what does not compile or start leaves the version before in its place", async () => {
  const work = new Work();
  assert.deepEqual((await work.next("watching")).folders, [join(workspace.folder, "hello-service")]);
  assert.equal((await work.next("unchanged")).version, "0.0.0");
  assert.equal((await readRunning(access.client, wanted)).lingers, false, "pods end when they are replaced");

  writeFileSync(main, program("console.log(1);"));
  const first = await work.next("serving");
  assert.equal(first.version, "0.0.0-dev.1");
  assert.ok(first.tookMs >= first.buildMs + first.rolloutMs);

  writeFileSync(main, program("const broken = ;"));
  const { compile } = await work.next("not-compiled");
  assert.deepEqual(
    compile.problems.map(({ file, line, column, message }) => ({ file, line, column, message })),
    [{ file: main, line: 3, column: 16, message: "Unexpected token" }],
  );

  writeFileSync(main, program(`throw new Error("no luck today");`));
  const failing = await work.next("failing");
  assert.equal(failing.reason, "it ended with 1");
  assert.match(failing.log, /no luck today/);
  assert.deepEqual([failing.version, failing.serving], ["0.0.0-dev.2", "0.0.0-dev.1"]);

  writeFileSync(main, program("console.log(1);"));
  assert.equal((await work.next("serving")).version, "0.0.0-dev.1", "what was tried before keeps its version");
  assert.deepEqual(await work.end(), { event: "ended", version: "0.0.0-dev.1", wentBack: false });
});

test("who leaves a version that does not start goes back to the one that serves", async () => {
  writeFileSync(main, program("console.log(2);"));
  const work = new Work();
  await work.next("watching");
  const { version } = await work.next("serving");
  const good = await readRunning(access.client, wanted);
  writeFileSync(main, program("process.exit(3);"));
  assert.equal((await work.next("failing")).reason, "it ended with 3");
  assert.notDeepEqual(await readRunning(access.client, wanted), good);
  assert.deepEqual(await work.end(), { event: "ended", version, wentBack: true });
  assert.deepEqual(await readRunning(access.client, wanted), good);
});
