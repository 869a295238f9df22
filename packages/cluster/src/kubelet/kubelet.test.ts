import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { findOciTools } from "./runtime/oci/oci-tools.ts";
import { readProc } from "./runtime/process-identity.ts";
import { podStorage } from "./stats/pod-storage.ts";
import { shellImage, whyNoShellImage } from "./testing/shell-image.ts";
import {
  createPod,
  deletePod,
  deletePods,
  isReady,
  processesOf,
  readLog,
  readPod,
  startTestNode,
  stay,
  waitForPod,
} from "./testing/test-node.ts";
import type { TestNode } from "./testing/test-node.ts";

const noImage = whyNoShellImage();
const tools = findOciTools();
const skips = {
  process: noImage,
  oci: noImage !== false ? noImage : "missing" in tools ? tools.missing : false,
} as const;

type Check = readonly [name: string, work: (node: TestNode) => Promise<void>];
const checks: Check[] = [];

/** What holds for pods whatever runs them. */
function check(...each: Check): void {
  checks.push(each);
}

check("a pod runs, says what it prints, and leaves nothing behind", async (node) => {
  await createPod(node.client, "web", { script: `echo hello; echo $FROM_POD; ${stay}`, container: fromPod });
  const pod = await waitForPod(node.client, "web", isReady);
  assert.match(pod.status?.podIP ?? "", /^\d+\.\d+\.\d+\.\d+$/u);
  await waitForLog(node, "web", "hello\nweb\n");
  const [main] = pod.status?.containerStatuses ?? [];
  assert.match(main?.containerID ?? "", new RegExp(`^${node.runtime}://`, "u"));
  await deletePod(node.client, "web");
  assert.deepEqual(readdirSync(join(node.folder, "node", "pods")), []);
  assert.deepEqual(processesOf(pod.metadata.uid), []);
});

check("exit codes and messages are reported, and failures wait before they are tried again", async (node) => {
  await createPod(node.client, "bad", { script: "echo gone wrong > /dev/termination-log; exit 3" });
  const pod = await waitForPod(node.client, "bad", (status) => waitingReason(status) === "CrashLoopBackOff");
  const ended = pod.status?.containerStatuses?.[0]?.lastState?.terminated;
  assert.equal(ended?.exitCode, 3);
  assert.equal(ended?.reason, "Error");
  // A child process has no place of its own for the path in its script.
  if (node.runtime === "oci") assert.equal(ended?.message, "gone wrong\n");
});

check("a container that ends at once is not ready when it is started anew", async (node) => {
  const seen = new Set<string>();
  await createPod(node.client, "brief", { script: "exit 1" });
  await waitForPod(node.client, "brief", (status) => {
    const { restartCount = 0 } = status.containerStatuses?.[0] ?? {};
    if (restartCount > 0) seen.add(String(isReady(status)));
    return restartCount > 0 && waitingReason(status) === "CrashLoopBackOff";
  });
  assert.deepEqual([...seen], ["false"]);
});

check("init containers come first, one after the other; a pod that may not restart ends", async (node) => {
  const volume = { name: "shared", mountPath: "/data" };
  const step = (name: string, script: string): object => {
    const container = { image: "localhost/shell:1", volumeMounts: [volume] };
    return { name, ...container, command: ["/bin/sh", "-c", script.replaceAll("/data", "$(DATA)")], env: [data] };
  };
  const data = { name: "DATA", value: "/data" };
  await createPod(node.client, "job", {
    restartPolicy: "Never",
    initContainers: [step("one", "echo 1 > /data/a"), step("two", "cat /data/a > /data/b; echo 2 >> /data/b")] as never,
    containers: [step("main", "cat /data/b")] as never,
    volumes: [{ name: "shared", emptyDir: {} }],
  });
  const pod = await waitForPod(node.client, "job", ({ phase }) => phase === "Succeeded" || phase === "Failed");
  assert.equal(pod.status?.phase, "Succeeded", JSON.stringify(pod.status));
  assert.equal(await readLog(node, "job"), "1\n2\n");
});

check("a change of a ConfigMap reaches the volumes of a running pod", async (node) => {
  const path = "/api/v1/namespaces/default/configmaps";
  const body = (value: string): object => {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { key: value } };
  };
  await node.client.request({ method: "POST", path, body: body("old") });
  await createPod(node.client, "reader", {
    script: "trap 'exit 0' TERM; while :; do cat $(DIR)/key; echo; sleep 0.05; done",
    container: {
      env: [{ name: "DIR", value: "/etc/settings" }],
      volumeMounts: [{ name: "v", mountPath: "/etc/settings" }],
    },
    volumes: [{ name: "v", configMap: { name: "settings" } }],
  });
  await waitForPod(node.client, "reader", isReady);
  await waitForLog(node, "reader", "old");
  await node.client.request({ method: "PUT", path: `${path}/settings`, body: body("new") });
  await waitForLog(node, "reader", "new");
});

check("a liveness probe that fails restarts its container", async (node) => {
  const livenessProbe = { exec: { command: ["/bin/sh", "-c", "exit 1"] }, periodSeconds: 1, failureThreshold: 1 };
  await createPod(node.client, "sick", { container: { livenessProbe } });
  const pod = await waitForPod(
    node.client,
    "sick",
    ({ containerStatuses }) => (containerStatuses?.[0]?.restartCount ?? 0) > 0,
  );
  assert.notEqual(pod.status?.containerStatuses?.[0]?.lastState?.terminated, undefined);
});

check(
  "a pod that wants a port of the machine that another one has is refused, until that one is gone",
  async (node) => {
    const container = { ports: [{ containerPort: 18_471, hostPort: 18_471 }] };
    await createPod(node.client, "first", { container });
    await waitForPod(node.client, "first", isReady);
    await createPod(node.client, "second", { container });
    const { status } = await waitForPod(node.client, "second", ({ phase }) => phase === "Failed");
    assert.equal(status?.reason, "NodePorts");
    assert.match(status?.message ?? "", /^Pod was rejected: Predicate NodePorts failed/u);
    await deletePod(node.client, "first");
    await createPod(node.client, "third", { container });
    await waitForPod(node.client, "third", isReady);
  },
);

check("what a pod writes is measured, its image is in use, and when it is evicted it has failed", async (node) => {
  const volumes = [{ name: "data", emptyDir: {} }];
  const container = { volumeMounts: [{ name: "data", mountPath: "/data" }] };
  const script = `printf %03000000d 0 > "$PWD/own"; printf %02000000d 0 > /data/file; echo written; ${stay}`;
  await createPod(node.client, "greedy", { script, container, volumes });
  await waitForPod(node.client, "greedy", isReady);
  await waitForLog(node, "greedy", "written");
  const worker = node.kubelet.pods.find("default", "greedy");
  assert(worker !== undefined);
  const { containers, volumes: used, bytes } = await podStorage(worker);
  assert.ok((used[0]?.bytes ?? 0) >= 2_000_000, JSON.stringify(used));
  assert.ok(
    (containers[0]?.root.bytes ?? 0) >= 3_000_000 && (containers[0]?.logs.bytes ?? 0) > 0,
    JSON.stringify(containers),
  );
  assert.ok(bytes >= 5_000_000);
  assert.deepEqual(
    node.kubelet.pods.workers().map(({ slots }) => slots[0]?.active?.imageRoot === slots[0]?.image?.root),
    [true],
  );
  worker.evict("It took too much. ");
  const { status } = await waitForPod(node.client, "greedy", ({ phase }) => phase === "Failed");
  assert.deepEqual([status?.reason, status?.message], ["Evicted", "It took too much. "]);
  assert.notEqual(status?.containerStatuses?.[0]?.state?.terminated, undefined);
});

check("an image is a volume, and a file that an init container wrote gives variables", async (node) => {
  const image = shellImage;
  const volumes = [
    { name: "files", emptyDir: {} },
    { name: "tools", image: { reference: image } },
  ];
  const path = (value: string): object => ({ name: "PLACE", value });
  const write = `printf "A='from a file'\\n" > $(PLACE)/variables`;
  const writer = { name: "writer", image, command: ["/bin/sh", "-c", write], env: [path("/data")] };
  const fileKeyRef = { volumeName: "files", path: "variables", key: "A" };
  await createPod(node.client, "mounted", {
    script: `if [ -f $(PLACE)/bin/cat ]; then echo there; fi; echo $A; ${stay}`,
    container: {
      env: [path("/tools"), { name: "A", valueFrom: { fileKeyRef } }],
      volumeMounts: [{ name: "tools", mountPath: "/tools" }],
    },
    initContainers: [{ ...writer, volumeMounts: [{ name: "files", mountPath: "/data" }] }] as never,
    volumes,
  });
  await waitForPod(node.client, "mounted", isReady);
  await waitForLog(node, "mounted", "there\nfrom a file\n");
});

check("a volume in memory is full at its limit, whoever else has room, and leaves nothing mounted", async (node) => {
  // Without file systems of its own a runtime measures, and evicts.
  if (node.runtime !== "oci") return;
  await createPod(node.client, "memory", {
    script: `printf %02000000d 0 > /data/file || echo full; ${stay}`,
    container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
    volumes: [{ name: "data", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }],
  });
  const { metadata } = await waitForPod(node.client, "memory", isReady);
  await waitForLog(node, "memory", "full\n");
  const mounted = (): boolean => (readProc("self/mountinfo") ?? "").includes(metadata.uid);
  assert.ok(mounted());
  await node.kubelet.close({ keep: true });
  node.kubelet = await node.start();
  assert.ok(mounted());
  await deletePod(node.client, "memory");
  assert.ok(!mounted());
});

check("what runs when the control process stops short is taken up by the next one", async (node) => {
  await createPod(node.client, "stays", { script: `echo one; ${stay}` });
  const before = await waitForPod(node.client, "stays", isReady);
  await node.kubelet.close({ keep: true });
  assert.notDeepEqual(processesOf(before.metadata.uid), []);
  node.kubelet = await node.start();
  const after = await waitForPod(node.client, "stays", isReady);
  assert.deepEqual(idsOf(after), idsOf(before));
  assert.equal(after.status?.containerStatuses?.[0]?.restartCount, 0);
  await waitForLog(node, "stays", "one\n");
  await deletePod(node.client, "stays");
  assert.deepEqual(processesOf(before.metadata.uid), []);
});

check("what belongs to no pod any more is ended at the start", async (node) => {
  await createPod(node.client, "gone", {});
  const pod = await waitForPod(node.client, "gone", isReady);
  await node.kubelet.close({ keep: true });
  const body = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 };
  await node.client.request({ method: "DELETE", path: "/api/v1/namespaces/default/pods/gone", body });
  assert.equal(await readPod(node.client, "gone"), undefined);
  node.kubelet = await node.start();
  assert.deepEqual(processesOf(pod.metadata.uid), []);
  assert.deepEqual(readdirSync(join(node.folder, "node", "pods")), []);
});

check("after an orderly end everything is started again", async (node) => {
  await createPod(node.client, "again", {});
  const before = await waitForPod(node.client, "again", isReady);
  await node.kubelet.close();
  assert.deepEqual(processesOf(before.metadata.uid), []);
  node.kubelet = await node.start();
  const after = await waitForPod(
    node.client,
    "again",
    (status) => isReady(status) && (status.containerStatuses?.[0]?.restartCount ?? 0) > 0,
  );
  assert.notDeepEqual(idsOf(after), idsOf(before));
});

for (const runtime of ["process", "oci"] as const) {
  test(`a node with the ${runtime} runtime`, { skip: skips[runtime] }, async (t) => {
    const node = await startTestNode(t, runtime);
    for (const [name, work] of checks) {
      await t.test(name, async () => {
        await work(node);
        await deletePods(node.client);
      });
    }
  });
}

const fromPod = { env: [{ name: "FROM_POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] };

function waitingReason(status: {
  readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[];
}): string | undefined {
  return status.containerStatuses?.[0]?.state?.waiting?.reason;
}

function idsOf(pod: {
  readonly status?: { readonly containerStatuses?: readonly { readonly containerID?: string }[] };
}): (string | undefined)[] {
  return (pod.status?.containerStatuses ?? []).map(({ containerID }) => containerID);
}

async function waitForLog(node: TestNode, pod: string, text: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await readLog(node, pod)).includes(text)) {
    if (performance.now() > deadline) assert.fail(`the log of ${pod} never said ${text}`);
    await delay(50);
  }
}
