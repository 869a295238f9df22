import assert from "node:assert/strict";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { evictionWindow } from "../limits.ts";
import type { Container, Pod, Volume } from "../pods/pod.ts";
import type { DiskUsage } from "../images/image-collector.ts";
import { folderUsage } from "../stats/folder-usage.ts";
import type { PodStorage } from "../stats/pod-storage.ts";
import { Evictions } from "./evictions.ts";
import type { Evictable } from "./evictions.ts";
import { noPressure } from "./node-pressure.ts";
import type { Pressure } from "./node-pressure.ts";
import { nodeShortages } from "./node-shortages.ts";
import { pressureRefusal } from "../admission/pressure-refusal.ts";
import { brokenLimit } from "./storage-limits.ts";

const mib = 1024 ** 2;

function pod(name: string, spec: Partial<Pod["spec"]>): Pod {
  const metadata = { name, namespace: "default", uid: name };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [container("c")], ...spec } };
}

function container(name: string, limit?: string, request?: string): Container {
  const limits = limit === undefined ? {} : { limits: { "ephemeral-storage": limit } };
  const requests = request === undefined ? {} : { requests: { "ephemeral-storage": request } };
  return { name, image: "i", resources: { ...limits, ...requests } };
}

function storage(
  containers: Readonly<Record<string, number>>,
  volumes: Readonly<Record<string, number>> = {},
): PodStorage {
  const none = { bytes: 0, files: 0 };
  const bytes = [...Object.values(containers), ...Object.values(volumes)].reduce((sum, each) => sum + each, 0);
  return {
    containers: Object.entries(containers).map(([name, used]) => ({
      name,
      logs: none,
      root: { bytes: used, files: 1 },
    })),
    volumes: Object.entries(volumes).map(([name, used]) => ({ name, bytes: used, files: 1 })),
    bytes,
    files: 0,
  };
}

const volume = (sizeLimit: string): Volume => ({ name: "v", emptyDir: { sizeLimit } });

test("a pod over a limit is told which, in the order and the words of the kubelet", () => {
  const both = pod("p", { containers: [container("c", "10Mi"), container("d", "100Mi")], volumes: [volume("5Mi")] });
  assert.equal(brokenLimit(both, storage({ c: 10 * mib, d: 100 * mib }, { v: 0 })), undefined);
  assert.equal(
    brokenLimit(both, storage({ c: 11 * mib, d: 0 })),
    'Container c exceeded its local ephemeral storage limit "10Mi". ',
  );
  assert.equal(
    brokenLimit(both, storage({ c: 11 * mib, d: 100 * mib })),
    "Pod ephemeral local storage usage exceeds the total limit of containers 110Mi. ",
  );
  assert.equal(
    brokenLimit(both, storage({ c: 11 * mib, d: 100 * mib }, { v: 6 * mib })),
    'Usage of EmptyDir volume "v" exceeds the limit "5Mi". ',
  );
  assert.equal(brokenLimit(pod("p", {}), storage({ c: 1024 * mib })), undefined);
  const single = pod("p", { containers: [container("c", "5000000")] });
  assert.equal(
    brokenLimit(single, storage({ c: 6_000_000 })),
    "Pod ephemeral local storage usage exceeds the total limit of containers 5M. ",
  );
});

class Node {
  readonly evicted: string[] = [];
  readonly events: string[] = [];
  readonly pressure = noPressure();
  readonly annotations: (Readonly<Record<string, string>> | undefined)[] = [];
  readonly changes: Pressure[] = [];
  readonly used = new Map<string, PodStorage>();
  readonly memory = new Map<string, number>();
  readonly workers: Evictable[] = [];
  available = 500 * mib;
  availableMemory = 500 * mib;
  inodesFree = 500;
  unusedImages = 0;
  seconds = 0;
  readonly evictions = new Evictions<Evictable>({
    workers: () => this.workers,
    storageOf: (worker) => this.#storageOf(worker),
    shortages: nodeShortages<Evictable>({
      memory: () => ({ availableBytes: this.availableMemory }),
      disk: () => this.#disk(),
      images: { removeUnused: () => this.#removeUnused() },
      storageOf: (worker) => this.#storageOf(worker),
      memoryOf: async ({ pod: { metadata } }) => [{ name: "c", bytes: this.memory.get(metadata.name) ?? 0 }],
    }),
    pressure: this.pressure,
    changed: (which) => void this.changes.push(which),
    now: () => new Date(Date.UTC(2026, 0, 1) + this.seconds * 1000),
    tell: ({ reason }) => void this.events.push(reason),
  });

  async #storageOf({ pod: { metadata } }: Evictable): Promise<PodStorage> {
    return this.used.get(metadata.name) ?? storage({});
  }

  #disk(): DiskUsage {
    const { available: availableBytes, inodesFree } = this;
    return { capacityBytes: 1000 * mib, availableBytes, inodes: 1000, inodesFree };
  }

  async #removeUnused(): Promise<number> {
    this.available += this.unusedImages;
    return 1;
  }

  add(made: Pod, used: PodStorage): void {
    const worker = {
      pod: made,
      isOver: false,
      evict: (message: string, { annotations }: Parameters<Evictable["evict"]>[1] = {}): void => {
        this.evicted.push(`${made.metadata.name}: ${message}`);
        this.annotations.push(annotations);
        worker.isOver = true;
      },
    };
    this.workers.push(worker);
    this.used.set(made.metadata.name, used);
  }
}

test("a disk with room is no reason to end a pod without limits", async () => {
  const node = new Node();
  node.add(pod("big", {}), storage({ c: 400 * mib }));
  node.add(pod("over", { containers: [container("c", "1Mi")] }), storage({ c: 2 * mib }));
  node.add(pod("critical", { containers: [container("c", "1Mi")], priority: 2_000_001_000 }), storage({ c: 2 * mib }));
  await node.evictions.look();
  assert.deepEqual(node.evicted, [
    "over: Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ",
  ]);
  assert.deepEqual(node.events, []);
});

test("when the disk is short unused images go, and only when that isn't enough a pod", async () => {
  const node = new Node();
  node.add(pod("asked", { containers: [container("c", undefined, "90Mi")] }), storage({ c: 80 * mib }));
  node.add(pod("important", { priority: 5 }), storage({ c: 70 * mib }));
  node.add(pod("small", {}), storage({ c: 10 * mib }));
  node.add(pod("big", {}), storage({ c: 60 * mib }));
  node.available = 50 * mib;
  node.unusedImages = 60 * mib;
  await node.evictions.look();
  assert.deepEqual([node.evicted, node.events, node.pressure.disk], [[], ["EvictionThresholdMet"], true]);
  node.available = 50 * mib;
  node.unusedImages = 0;
  await node.evictions.look();
  await node.evictions.look();
  await node.evictions.look();
  assert.deepEqual(
    node.evicted.map((each) => each.split(":")[0]),
    ["big", "small", "important"],
  );
  assert.equal(
    node.evicted[0],
    "big: The node was low on resource: ephemeral-storage. Threshold quantity: 100Mi, available: 50Mi. " +
      "Container c was using 60Mi, request is 0, has larger consumption of ephemeral-storage. ",
  );
});

test("pressure is told for a while after the disk has room again", async () => {
  const node = new Node();
  node.available = 50 * mib;
  node.unusedImages = 60 * mib;
  await node.evictions.look();
  node.seconds = evictionWindow.keptMs / 1000 - 1;
  await node.evictions.look();
  assert.deepEqual([node.pressure.disk, node.changes], [true, ["disk"]]);
  node.seconds += 1;
  await node.evictions.look();
  assert.deepEqual([node.pressure.disk, node.changes], [false, ["disk", "disk"]]);
});

const asking = (request: string): Partial<Pod["spec"]> => ({
  containers: [{ name: "c", image: "i", resources: { requests: { memory: request } } }],
});

test("when memory is short a pod goes at once: first who has more than asked for, then the least important, then the biggest", async () => {
  const node = new Node();
  node.add(pod("asked", asking("300Mi")), storage({}));
  node.add(pod("over", asking("10Mi")), storage({}));
  node.add(pod("important", { priority: 7 }), storage({}));
  node.add(pod("critical", { priority: 2_000_001_000 }), storage({}));
  for (const [name, used] of Object.entries({ asked: 250, over: 100, important: 200, critical: 400 }))
    node.memory.set(name, used * mib);
  node.availableMemory = 99 * mib;
  for (let look = 0; look < 4; look += 1) await node.evictions.look();
  assert.deepEqual(
    node.evicted.map((each) => each.split(":")[0]),
    ["over", "important", "asked"],
  );
  assert.equal(
    node.evicted[0],
    "over: The node was low on resource: memory. Threshold quantity: 100Mi, available: 99Mi. " +
      "Container c was using 100Mi, request is 10Mi, has larger consumption of memory. ",
  );
  assert.deepEqual(node.annotations[0], {
    offending_containers: "c",
    offending_containers_usage: "100Mi",
    starved_resource: "memory",
  });
  assert.deepEqual([node.pressure, node.changes], [{ memory: true, disk: false }, ["memory"]]);
});

test("a pod that asked for memory as a whole is told what it had as a whole", async () => {
  const node = new Node();
  const spec = { containers: [container("c")], resources: { requests: { memory: "64Mi" } } };
  node.add(pod("whole", spec), storage({}));
  node.memory.set("whole", 96 * mib);
  node.availableMemory = 1;
  await node.evictions.look();
  assert.equal(
    node.evicted[0],
    "whole: The node was low on resource: memory. Threshold quantity: 100Mi, available: 1. " +
      "Pod whole was using 96Mi, request is 64Mi, has larger consumption of memory. " +
      "Container c was using 96Mi, request is 0, has larger consumption of memory. ",
  );
});

test("a disk that can take hardly any more files is short as one without room", async () => {
  const node = new Node();
  node.add(pod("few", {}), { ...storage({ c: 100 * mib }), files: 5 });
  node.add(pod("many", {}), { ...storage({ c: mib }), files: 400 });
  node.inodesFree = 49;
  await node.evictions.look();
  assert.deepEqual(node.evicted, [
    "many: The node was low on resource: inodes. Threshold quantity: 50, available: 49. ",
  ]);
  assert.deepEqual([node.pressure.disk, node.events], [true, ["EvictionThresholdMet"]]);
});

test("a node that is short of memory takes pods that ask for some, of others those that say so; one without disk takes none", () => {
  const refusal = (spec: Partial<Pod["spec"]>, disk = false): string | undefined =>
    pressureRefusal(pod("p", spec), { memory: true, disk })?.message;
  const toleration = { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" } as const;
  assert.equal(refusal({}), "The node had condition: [MemoryPressure]. ");
  assert.equal(refusal(asking("1Mi")), undefined);
  assert.equal(refusal({ tolerations: [toleration] }), undefined);
  assert.equal(refusal({ priority: 2_000_000_000 }), undefined);
  assert.equal(refusal(asking("1Mi"), true), "The node had condition: [MemoryPressure DiskPressure]. ");
  assert.equal(pressureRefusal(pod("p", {}), noPressure()), undefined);
});

test("a folder takes what its blocks take, without what links lead to, and a file of two names once", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-usage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "in", "deep"), { recursive: true });
  const before = await folderUsage(join(folder, "in"));
  writeFileSync(join(folder, "in", "deep", "file"), Buffer.alloc(mib, 1));
  linkSync(join(folder, "in", "deep", "file"), join(folder, "in", "again"));
  writeFileSync(join(folder, "outside"), Buffer.alloc(4 * mib, 1));
  symlinkSync(join(folder, "outside"), join(folder, "in", "link"));
  const after = await folderUsage(join(folder, "in"));
  assert.equal(after.files - before.files, 2);
  assert.ok(after.bytes - before.bytes >= mib && after.bytes - before.bytes < 2 * mib, String(after.bytes));
  assert.deepEqual(await folderUsage(join(folder, "nowhere")), { bytes: 0, files: 0 });
});
