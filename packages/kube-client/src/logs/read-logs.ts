import type { StreamingKubeClient } from "../kube-client.ts";
import { KubeError, requireSuccess } from "../kube-error.ts";
import { logLinesWaitingMax } from "../limits.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { resourcePath } from "../objects/resource-kind.ts";
import { listPages } from "../watch/list-pages.ts";
import { containerLog } from "./container-log.ts";
import type { LogLine } from "./container-log.ts";
import { followPods } from "./follow-pods.ts";
import { LineQueue } from "./line-queue.ts";
import { containersOf } from "./pod-containers.ts";

export interface LogOptions {
  readonly namespace: string;
  /** One of these two: `app.kubernetes.io/name=orders` for all its pods, those that come later too, or one pod by name. */
  readonly selector?: string;
  readonly pod?: string;
  /** Left out: all containers. */
  readonly container?: string;
  /** Goes on with what comes, over restarts, new pods and cut connections, until the signal; of one pod until that has ended. */
  readonly follow?: boolean;
  readonly previous?: boolean;
  /** Of each container. */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** `2026-01-31T12:00:00Z` */
  readonly sinceTime?: string;
  readonly signal?: AbortSignal;
  /** Told of what was tried again. */
  readonly onTrouble?: (error: unknown) => void;
}

const pods = { group: "", version: "v1", plural: "pods" };

/** What containers write, line by line; taken slowly, it is read slowly. */
export async function* readLogs(client: StreamingKubeClient, options: LogOptions): AsyncGenerator<LogLine> {
  if ((options.selector === undefined) === (options.pod === undefined)) {
    throw new KubeError("invalid", "logs are read of the pods of a selector or of one pod: give one of the two");
  }
  if (options.follow !== true || options.previous === true) {
    yield* whatIsThere(client, options);
    return;
  }
  const queue = new LineQueue<LogLine>(logLinesWaitingMax);
  const stop = new AbortController();
  const { signal } = options;
  const following = followPods(client, options, {
    push: (line) => queue.push(line),
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
  }).then(
    () => queue.end(),
    (error: unknown) => queue.end(error),
  );
  try {
    yield* queue.read();
  } finally {
    stop.abort();
    await following;
  }
}

async function* whatIsThere(client: StreamingKubeClient, options: LogOptions): AsyncGenerator<LogLine> {
  const { namespace, previous = false, tailLines, sinceSeconds, sinceTime, signal } = options;
  let lines = 0;
  let trouble: unknown;
  for (const pod of await podsOf(client, options)) {
    const { name = "" } = pod.metadata;
    for (const container of wantedContainers(pod, options.container)) {
      const from = { namespace, pod: name, container };
      try {
        for await (const line of containerLog(client, from, { previous, tailLines, sinceSeconds, sinceTime }, signal)) {
          lines += 1;
          yield line;
        }
      } catch (error) {
        // Of many some have not started yet, or never before: that is said only when there is nothing else to say.
        if (!(error instanceof KubeError) || (error.code !== "invalid" && error.code !== "not-found")) throw error;
        trouble ??= error;
      }
    }
  }
  if (lines === 0 && trouble !== undefined) throw trouble;
}

async function podsOf(client: StreamingKubeClient, options: LogOptions): Promise<readonly KubeObject[]> {
  const { namespace, selector = "", pod, signal } = options;
  if (pod !== undefined) {
    const path = resourcePath(pods, { namespace, name: pod });
    const request = { method: "GET", path, ...(signal === undefined ? {} : { signal }) } as const;
    return [requireSuccess(request, await client.request(request)) as KubeObject];
  }
  const query = { labelSelector: selector };
  const found = await listPages(client, resourcePath(pods, { namespace }), { query, signal });
  if (found.objects.length === 0) {
    throw new KubeError("not-found", `no pods in the namespace ${namespace} have the labels ${selector}`);
  }
  return found.objects;
}

export function wantedContainers(pod: KubeObject, wanted: string | undefined): readonly string[] {
  const names = containersOf(pod).map((each) => each.name);
  if (wanted === undefined) return names;
  if (names.includes(wanted)) return [wanted];
  const text = `the pod ${pod.metadata.name ?? ""} has no container ${wanted}; it has ${names.join(", ")}`;
  throw new KubeError("invalid", text);
}
