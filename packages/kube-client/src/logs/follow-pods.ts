import type { StreamingKubeClient } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { resourcePath } from "../objects/resource-kind.ts";
import { watchObjects } from "../watch/watch-objects.ts";
import type { ObjectChange } from "../watch/watch-objects.ts";
import { followRun } from "./follow-run.ts";
import type { LineSink } from "./follow-run.ts";
import { containersOf, hasEnded } from "./pod-containers.ts";
import type { LogOptions } from "./read-logs.ts";

/** Follows every run of every container of the pods; ends with the signal, or when the one pod has ended. */
export async function followPods(client: StreamingKubeClient, options: LogOptions, sink: LineSink): Promise<void> {
  const { namespace, selector, pod: only, onTrouble } = options;
  const path = resourcePath({ group: "", version: "v1", plural: "pods" }, { namespace });
  const query = only === undefined ? { labelSelector: selector ?? "" } : { fieldSelector: `metadata.name=${only}` };
  const tails = new Tails(client, options, sink);
  const watch = watchObjects(client, {
    path,
    query,
    signal: sink.signal,
    onChange: (change) => tails.take(change),
    ...(onTrouble === undefined ? {} : { onTrouble }),
  });
  try {
    await Promise.race([watch.ready, tails.over]);
    if (only !== undefined && watch.list().length === 0 && !sink.signal.aborted) {
      throw new KubeError("not-found", `there is no pod ${only} in the namespace ${namespace}`);
    }
    await tails.over;
  } finally {
    await watch.close();
    await tails.close();
  }
}

/** The runs that are being read. */
class Tails {
  readonly #client: StreamingKubeClient;
  readonly #options: LogOptions;
  readonly #sink: LineSink;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  readonly #reading = new Set<Promise<void>>();
  /** By pod: the runs that were seen, by container. */
  readonly #seen = new Map<string, Map<string, string>>();
  readonly #pods = new Map<string, KubeObject>();

  constructor(client: StreamingKubeClient, options: LogOptions, sink: LineSink) {
    this.#client = client;
    this.#options = options;
    const signal = AbortSignal.any([sink.signal, this.#stop.signal]);
    this.#sink = { ...sink, signal };
    signal.addEventListener("abort", () => this.#over.resolve(), { once: true });
    if (signal.aborted) this.#over.resolve();
  }

  get over(): Promise<void> {
    return this.#over.promise;
  }

  take({ type, object }: ObjectChange): void {
    const { uid = "" } = object.metadata;
    if (type === "deleted") {
      this.#pods.delete(uid);
      this.#seen.delete(uid);
    } else {
      this.#pods.set(uid, object);
      this.#meet(object);
    }
    if (this.#options.pod !== undefined && (type === "deleted" || hasEnded(object))) {
      void Promise.all(this.#reading).then(() => this.#over.resolve());
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#reading);
  }

  #meet(pod: KubeObject): void {
    const { namespace, container: wanted } = this.#options;
    const { name = "", uid = "" } = pod.metadata;
    const seen = this.#seen.get(uid) ?? new Map<string, string>();
    this.#seen.set(uid, seen);
    for (const { name: container, run } of containersOf(pod)) {
      if (run === undefined || seen.get(container) === run || (wanted !== undefined && wanted !== container)) continue;
      const isFirst = !seen.has(container);
      seen.set(container, run);
      const reading: Promise<void> = followRun(
        this.#client,
        { namespace, pod: name, container },
        { options: this.#options, isFirst, sink: this.#sink, stillRuns: () => this.#stillRuns(uid, container, run) },
      )
        .catch((error: unknown) => this.#over.reject(error))
        .finally(() => this.#reading.delete(reading));
      this.#reading.add(reading);
    }
  }

  #stillRuns(uid: string, container: string, run: string): boolean {
    const pod = this.#pods.get(uid);
    const found = pod === undefined ? undefined : containersOf(pod).find((each) => each.name === container);
    return found?.run === run && found.isRunning;
  }
}
