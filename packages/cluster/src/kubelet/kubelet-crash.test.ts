import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { nodeMark } from "./runtime/oci/oci-place.ts";
import { findOciTools } from "./runtime/oci/oci-tools.ts";
import { whyNoShellImage } from "./testing/shell-image.ts";
import {
  createPod,
  deletePod,
  isReady,
  processesOf,
  readPod,
  startTestCluster,
  stay,
  waitForPod,
} from "./testing/test-node.ts";
import type { TestCluster } from "./testing/test-node.ts";

const noImage = whyNoShellImage();
const tools = findOciTools();
const skips = {
  process: noImage,
  oci: noImage !== false ? noImage : "missing" in tools ? tools.missing : false,
} as const;

const program = join(import.meta.dirname, "testing", "kubelet-process.ts");

async function startNode({ folder, layout }: TestCluster, runtime: string): Promise<ChildProcess> {
  const args = [join(folder, "kubeconfig"), join(folder, "node"), runtime, layout];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => assert.fail("the node ended"))]);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function deleteAtOnce({ client }: TestCluster, name: string): Promise<void> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 };
  await client.request({ method: "DELETE", path: `/api/v1/namespaces/default/pods/${name}`, body });
}

/** What the node's folder says of containers and networks that are there. */
function leftIn(folder: string): string[] {
  return ["pods", "oci/state", "oci/namespaces"].flatMap((name) => {
    const path = join(folder, "node", name);
    return existsSync(path) ? readdirSync(path).map((each) => `${name}/${each}`) : [];
  });
}

/** Where the kernel counts the containers of the node. */
function openedGroup(folder: string): string {
  const mark = nodeMark(join(folder, "node"));
  return existsSync("/sys/fs/cgroup/pids") ? `/sys/fs/cgroup/pids/${mark}` : `/sys/fs/cgroup/${mark}`;
}

for (const runtime of ["process", "oci"] as const) {
  test(`a node with the ${runtime} runtime is killed and started again`, { skip: skips[runtime] }, async (t) => {
    const site = await startTestCluster(() => undefined);
    writeFileSync(join(site.folder, "kubeconfig"), site.cluster.kubeconfig, { mode: 0o600 });
    let node = await startNode(site, runtime);
    t.after(async () => {
      await end(node, "SIGTERM");
      await site.cluster.close();
      rmSync(site.folder, { recursive: true, force: true });
    });

    await t.test("what runs goes on, and what ended meanwhile is found out", async () => {
      const flag = join(site.folder, "flag");
      await createPod(site.client, "stays", {});
      await createPod(site.client, "ends", {
        restartPolicy: "Never",
        script: "while [ ! -e $(FLAG)/flag ]; do sleep 0.05; done; exit 7",
        container: { env: [{ name: "FLAG", value: "/flag" }], volumeMounts: [{ name: "flag", mountPath: "/flag" }] },
        volumes: [{ name: "flag", hostPath: { path: site.folder } }],
      });
      const before = await waitForPod(site.client, "stays", isReady);
      const { metadata } = await waitForPod(site.client, "ends", isReady);
      await end(node, "SIGKILL");
      assert.notDeepEqual(processesOf(before.metadata.uid), []);
      writeFileSync(flag, "");
      while (processesOf(metadata.uid).length > 0) await delay(20);
      node = await startNode(site, runtime);
      const ended = await waitForPod(site.client, "ends", ({ phase }) => phase === "Failed");
      const { terminated } = ended.status?.containerStatuses?.[0]?.state ?? {};
      // A child's code is told to its parent alone; the shell above an OCI container writes it down.
      assert.equal(terminated?.exitCode, runtime === "oci" ? 7 : 137);
      assert.equal(terminated?.reason, runtime === "oci" ? "Error" : "ContainerStatusUnknown");
      const after = await waitForPod(site.client, "stays", isReady);
      const [was] = before.status?.containerStatuses ?? [];
      const [is] = after.status?.containerStatuses ?? [];
      assert.equal(is?.containerID, was?.containerID);
    });

    await t.test(
      "told to let go it ends by itself, and the next one reads on where it stopped",
      { timeout: 240_000 },
      async () => {
        const script = `echo one; until cat $(FLAG)/second 2>/dev/null; do sleep 0.05; done; ${stay}`;
        const container = {
          stdin: true,
          env: [{ name: "FLAG", value: "/flag" }],
          volumeMounts: [{ name: "flag", mountPath: "/flag" }],
        };
        await createPod(site.client, "kept", {
          script,
          container,
          volumes: [{ name: "flag", hostPath: { path: site.folder } }],
        });
        const { metadata } = await waitForPod(site.client, "kept", isReady);
        const log = (): string => {
          const folder = join(site.folder, "node", "logs", `default_kept_${metadata.uid}`, "main");
          const lines = readFileSync(join(folder, "0.log"), "utf8").split("\n");
          return lines.map((line) => line.split(" ").slice(3).join(" ")).join("\n");
        };
        while (log() !== "one\n") await delay(20);
        for (let round = 0; round < 2; round += 1) {
          // The second time it is a kubelet that has itself found the pods.
          await end(node, "SIGHUP");
          assert.notDeepEqual(processesOf(metadata.uid), []);
          node = await startNode(site, runtime);
          await waitForPod(site.client, "kept", isReady);
        }
        writeFileSync(join(site.folder, "second"), "two\n");
        while (!log().includes("two")) await delay(20);
        assert.equal(log(), "one\ntwo\n");
        await deletePod(site.client, "kept");
      },
    );

    await t.test("killed at any moment of pods' starts and ends, it leaks nothing", async () => {
      const uids: string[] = [];
      for (const [round, afterMs] of [0, 60, 150].entries()) {
        const names = ["a", "b"].map((each) => `pod-${round}-${each}`);
        await Promise.all(names.map((name) => createPod(site.client, name, { script: stay })));
        await delay(afterMs);
        await end(node, "SIGKILL");
        for (const name of names) uids.push((await readPod(site.client, name))?.metadata.uid ?? "");
        // One goes while nobody is there.
        await deleteAtOnce(site, names[0] ?? "");
        node = await startNode(site, runtime);
      }
      const answer = await site.client.request({ method: "GET", path: "/api/v1/namespaces/default/pods" });
      const { items } = answer.body as { items: { metadata: { name: string; uid: string } }[] };
      await Promise.all(items.map(({ metadata }) => deleteAtOnce(site, metadata.name)));
      const deadline = performance.now() + 120_000;
      const group = openedGroup(site.folder);
      const left = (): string[] => [
        ...leftIn(site.folder),
        ...uids.flatMap((uid) => processesOf(uid)),
        ...(existsSync(group) ? readdirSync(group, { withFileTypes: true }) : [])
          .filter((each) => each.isDirectory())
          .map(({ name }) => name),
      ];
      while (left().length > 0 && performance.now() < deadline) await delay(50);
      assert.deepEqual(left(), []);
    });
  });
}
