import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "@fairway/kube-client";
import { startCluster } from "../../server/cluster.ts";
import type { Cluster } from "../../server/cluster.ts";
import { startKubelet } from "../kubelet.ts";
import type { Kubelet, KubeletOptions } from "../kubelet.ts";
import type { Pod, PodStatus } from "../pods/pod.ts";
import { readProc } from "../runtime/process-identity.ts";
import { shellImage, writeShellImage } from "./shell-image.ts";

const waitMs = 120_000;

export interface TestCluster {
  readonly cluster: Cluster;
  readonly client: KubeClient;
  readonly folder: string;
  readonly layout: string;
}

export interface TestNode extends TestCluster {
  readonly runtime: "process" | "oci";
  kubelet: Kubelet;
  /** A kubelet of the same folder again, as after a crash or an end. */
  readonly start: () => Promise<Kubelet>;
  readonly lines: string[];
}

/** An API server that takes pods, and a folder with an image for a node. */
export async function startTestCluster(log: (line: string) => void): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-node-"));
  const layout = join(folder, "images");
  writeShellImage(layout);
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log });
  const { client } = cluster;
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
  const path = "/api/v1/namespaces/default/serviceaccounts";
  assert.equal((await client.request({ method: "POST", path, body: account })).status, 201);
  return { cluster, client, folder, layout };
}

/** An API server and a node of it, which both go with the test. */
export async function startTestNode(
  t: TestContext,
  runtime: "process" | "oci",
  options: Partial<KubeletOptions> = {},
): Promise<TestNode> {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const { cluster, client, folder, layout } = await startTestCluster(log);
  const start = (): Promise<Kubelet> =>
    startKubelet(client, {
      nodeName: "node",
      folder: join(folder, "node"),
      runtime,
      imageLayouts: [layout],
      offline: true,
      dnsAddress: "10.97.0.10",
      log,
      ...options,
    });
  const node: TestNode = { runtime, cluster, client, folder, layout, kubelet: await start(), start, lines };
  t.after(async () => {
    await node.kubelet.close();
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
}

/** A first process that isn't asked twice to end. */
export const stay = "trap 'exit 0' TERM; sleep 1000 & wait";

export type PodTemplate = Partial<Pod["spec"]> & { readonly script?: string; readonly container?: object };

/** Puts the Node.js that runs the tests at `/bin/node`, for a container's `volumeMounts` and its pod's `volumes`. */
export const nodeMount = { name: "node", mountPath: "/bin/node", readOnly: true };
export const nodeVolume = { name: "node", hostPath: { path: process.execPath, type: "File" } };

/** Makes a pod of one container that runs a script, bound to the node. */
export async function createPod(client: KubeClient, name: string, template: PodTemplate): Promise<void> {
  const { script = stay, container = {}, ...spec } = template;
  const answer = await client.request({
    method: "POST",
    path: "/api/v1/namespaces/default/pods",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels: { app: name } },
      spec: {
        nodeName: "node",
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [{ name: "main", image: shellImage, command: ["/bin/sh", "-c", script], ...container }],
        ...spec,
      },
    },
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

export async function readPod(client: KubeClient, name: string): Promise<Pod | undefined> {
  const answer = await client.request({ method: "GET", path: `/api/v1/namespaces/default/pods/${name}` });
  return answer.status === 200 ? (answer.body as Pod) : undefined;
}

/** Waits until the pod is as it should be, and answers it. */
export async function waitForPod(
  client: KubeClient,
  name: string,
  isAsWanted: (status: PodStatus) => boolean,
): Promise<Pod> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const pod = await readPod(client, name);
    if (pod?.status !== undefined && isAsWanted(pod.status)) return pod;
    if (performance.now() > deadline) assert.fail(`pod ${name} is not as wanted: ${JSON.stringify(pod?.status)}`);
    await delay(20);
  }
}

export function isReady(status: PodStatus): boolean {
  return status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true;
}

export async function deletePod(client: KubeClient, name: string): Promise<void> {
  await client.request({ method: "DELETE", path: `/api/v1/namespaces/default/pods/${name}` });
  const deadline = performance.now() + waitMs;
  while ((await readPod(client, name)) !== undefined) {
    if (performance.now() > deadline) assert.fail(`pod ${name} did not go`);
    await delay(20);
  }
}

/** For the next one who uses the node. */
export async function deletePods(client: KubeClient): Promise<void> {
  const answer = await client.request({ method: "GET", path: "/api/v1/namespaces/default/pods" });
  const { items = [] } = answer.body as { items?: Pod[] };
  await Promise.all(items.map(({ metadata }) => deletePod(client, metadata.name)));
}

export async function readLog(node: TestNode, pod: string, container = "main"): Promise<string> {
  const target = { namespace: "default", pod, container };
  const wish = {
    previous: false,
    follow: false,
    timestamps: false,
    tailLines: undefined,
    since: undefined,
    limitBytes: undefined,
  };
  const lines = node.kubelet.streams.logs(target, wish, new AbortController().signal);
  let text = "";
  for await (const line of lines) text += line.toString("utf8");
  return text;
}

/** Processes that have the pod's uid in their environment or among their arguments. */
export function processesOf(uid: string): string[] {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/u.test(entry)) return false;
    const texts = ["environ", "cmdline"].map((name) => readProc(`${entry}/${name}`) ?? "");
    return texts.join("\0").includes(uid);
  });
}
