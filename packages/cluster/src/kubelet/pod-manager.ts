import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../object/kube-object.ts";
import { messageOf } from "./kubelet-error.ts";
import { volumeRefreshMs } from "./limits.ts";
import type { Refusal } from "./admission/refusal.ts";
import { affinityRefusal, hasNodeDemands, portRefusal, refusalOf } from "./admission/node-admission.ts";
import { isFinished } from "./pods/pod.ts";
import type { Pod } from "./pods/pod.ts";
import { readPodRecords } from "./pods/pod-record.ts";
import type { PodServices } from "./pods/pod-services.ts";
import { PodWorker } from "./pods/pod-worker.ts";
import type { Runtime, Sandbox } from "./runtime/runtime.ts";

/** All pods of the node: one worker each, from the pod's first appearance until nothing is left of it. */
export class PodManager {
  readonly #services: PodServices;
  readonly #runtimes: readonly Runtime[];
  readonly #workers = new Map<string, PodWorker>();
  readonly #running = new Set<Promise<void>>();
  readonly #adopted = new Map<string, Sandbox>();
  readonly #stale = new Set<string>();
  #refreshTimer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(services: PodServices, runtimes: readonly Runtime[]) {
    this.#services = services;
    this.#runtimes = runtimes;
  }

  /** Takes up what an earlier run left; what belongs to no pod of the node any more is ended. */
  async adopt(pods: readonly Pod[]): Promise<void> {
    const wanted = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
    const folder = join(this.#services.folder, "pods");
    for (const { uid, sandbox } of readPodRecords(folder)) {
      const runtime = this.#runtimes.find((each) => each.name === sandbox.runtime);
      const isOurs = runtime === this.#services.runtime && wanted.has(uid);
      const found = isOurs ? await runtime?.adoptSandbox(sandbox) : undefined;
      if (found !== undefined) {
        this.#adopted.set(uid, found);
        continue;
      }
      await runtime?.discard(sandbox);
    }
    for (const runtime of this.#runtimes) await runtime.settle?.();
    // Nothing is left to say for pods that went while nobody looked.
    for (const uid of readdirSync(folder)) {
      if (!wanted.has(uid)) rmSync(join(folder, uid), { recursive: true, force: true });
    }
    const logs = join(this.#services.folder, "logs");
    for (const name of readdirSync(logs)) {
      if (!wanted.has(name.slice(name.lastIndexOf("_") + 1)))
        rmSync(join(logs, name), { recursive: true, force: true });
    }
  }

  /** A pod of the node came, changed or went. */
  changed(key: string, object: KubeObject | undefined): void {
    if (this.#isClosed) return;
    const worker = this.#workers.get(key);
    if (object === undefined) {
      worker?.removed();
      return;
    }
    // Decoded and validated by the API server.
    const pod = object as unknown as Pod;
    if (worker === undefined) this.#begin(key, pod);
    else if (worker.pod.metadata.uid === pod.metadata.uid) worker.update(pod);
    else {
      // The same name again: the old one has to be gone first.
      worker.removed();
      this.#queueAfter(key, worker, pod);
    }
  }

  workers(): PodWorker[] {
    return [...this.#workers.values()];
  }

  find(namespace: string, name: string): PodWorker | undefined {
    return this.#workers.get(`${namespace}/${name}`);
  }

  /** A ConfigMap or Secret of this namespace changed: soon its pods' volumes are looked at. */
  configChanged(namespace: string): void {
    this.#stale.add(namespace);
    this.#refreshTimer ??= setTimeout(() => this.#refresh(), 50);
  }

  /** Tokens grow old without any change: all volumes are looked at from time to time. */
  startRefreshing(signal: AbortSignal): void {
    const timer = setInterval(() => {
      for (const worker of this.#workers.values()) this.configChanged(worker.pod.metadata.namespace);
    }, volumeRefreshMs * 30);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  async close({ keep }: { keep: boolean }): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#refreshTimer);
    await Promise.all([...this.#workers.values()].map((worker) => worker.close({ keep })));
    await Promise.all(this.#running);
    await this.#refreshing;
  }

  #begin(key: string, pod: Pod): void {
    const adopted = this.#adopted.get(pod.metadata.uid);
    this.#adopted.delete(pod.metadata.uid);
    const worker = new PodWorker(pod, this.#services, adopted);
    this.#workers.set(key, worker);
    if (pod.metadata.deletionTimestamp !== undefined) worker.update(pod);
    const isNew = pod.metadata.deletionTimestamp === undefined && adopted === undefined && !isFinished(pod);
    const admitted = isNew ? this.#admit(worker) : undefined;
    const work = (admitted === undefined ? worker.run() : admitted.then(() => worker.run()))
      .catch((error: unknown) => this.#services.log(`pod ${key}: ${messageOf(error)}`))
      .finally(() => {
        this.#running.delete(work);
        if (this.#workers.get(key) === worker) this.#workers.delete(key);
      });
    this.#running.add(work);
  }

  /** Takes a pod or not; at once, unless the node has to be read for it. */
  #admit(worker: PodWorker): Promise<void> | undefined {
    const { pod } = worker;
    const { client, nodeName } = this.#services;
    const refusal = refusalOf(pod, { ...this.#services, others: this.#others(worker) });
    const settle = (found: Refusal | undefined): void => {
      const whole = found ?? portRefusal(pod, this.#others(worker));
      if (whole !== undefined) worker.refuse(whole);
    };
    if (refusal === undefined && hasNodeDemands(pod)) {
      return affinityRefusal(pod, client, nodeName).then(settle, (error: unknown) =>
        this.#services.log(`admission of ${pod.metadata.name}: ${messageOf(error)}`),
      );
    }
    settle(refusal);
    return undefined;
  }

  /** The other pods that take something of the node. */
  #others({ pod }: PodWorker): Pod[] {
    const others = this.workers().filter((each) => !each.isOver && !each.isRemoved);
    return others.map((each) => each.pod).filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
  }

  #queueAfter(key: string, worker: PodWorker, pod: Pod): void {
    const check = (): void => {
      if (this.#isClosed) return;
      const current = this.#workers.get(key);
      if (current === worker) setTimeout(check, 20);
      else if (current === undefined) this.#begin(key, pod);
    };
    check();
  }

  #refresh(): void {
    this.#refreshTimer = undefined;
    const namespaces = new Set(this.#stale);
    this.#stale.clear();
    const work = [...this.#workers.values()]
      .filter((worker) => namespaces.has(worker.pod.metadata.namespace))
      .map((worker) =>
        worker.refreshVolumes().catch((error: unknown) => {
          this.#services.log(`volumes of ${worker.pod.metadata.name}: ${messageOf(error)}`);
        }),
      );
    this.#refreshing = Promise.all(work).then(() => undefined);
  }
}
