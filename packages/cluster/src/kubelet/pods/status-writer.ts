import type { KubeAnswer, KubeClient } from "@fairway/kube-client";
import { messageOf } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import { pause } from "../probes/probe-loop.ts";
import type { Pod, PodStatus } from "./pod.ts";

export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly pod: () => Pod;
  /** The status as it is now. */
  readonly compute: () => PodStatus;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Writes a pod's status whenever it has changed: one write at a time, the newest state always last. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  #sent = "";
  #dirty = false;
  #running: Promise<void> | undefined;
  #gone = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  request(): void {
    this.#dirty = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#dirty && !this.#gone && !this.#options.signal.aborted) this.request();
    });
  }

  /** What was to be written when this was called has been written. */
  async flush(): Promise<void> {
    this.request();
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    let waitMs = retryBackOffMs.first;
    while (this.#dirty && !this.#gone && !this.#options.signal.aborted) {
      this.#dirty = false;
      const status = this.#options.compute();
      const text = JSON.stringify(status);
      if (text === this.#sent) continue;
      if (await this.#send(status)) {
        this.#sent = text;
        waitMs = retryBackOffMs.first;
      } else {
        this.#dirty = true;
        await pause(waitMs, this.#options.signal);
        waitMs = Math.min(waitMs * 2, retryBackOffMs.max);
      }
    }
  }

  async #send(status: PodStatus): Promise<boolean> {
    const { client, log } = this.#options;
    const { namespace, name, uid } = this.#options.pod().metadata;
    try {
      const answer = await client.request({
        method: "PATCH",
        path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
        contentType: "application/strategic-merge-patch+json",
        body: { metadata: { uid }, status: withNulls(status) },
      });
      if (answer.status === 404 || answer.status === 409 || isOtherPod(answer)) {
        // Gone, or another pod of the same name has taken its place.
        this.#gone = true;
        return true;
      }
      if (answer.status < 300) return true;
      log(
        `status of pod ${namespace}/${name}: the API server answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    } catch (error) {
      log(`status of pod ${namespace}/${name}: ${messageOf(error)}`);
    }
    return false;
  }
}

/** The API server refuses to give a pod another uid: a later pod has the name. */
function isOtherPod({ status, body }: KubeAnswer): boolean {
  return status === 422 && JSON.stringify(body).includes('"field":"metadata.uid"');
}

/** A merge leaves what it doesn't name: what a condition no longer has must be said, and addresses are replaced. */
function withNulls(status: PodStatus): Record<string, unknown> {
  const conditions = status.conditions?.map((condition) => ({ reason: null, message: null, ...condition }));
  const order = conditions?.map(({ type }) => ({ type }));
  return {
    reason: null,
    message: null,
    ...status,
    hostIPs: [{ $patch: "replace" }, ...(status.hostIPs ?? [])],
    podIPs: [{ $patch: "replace" }, ...(status.podIPs ?? [])],
    ...(conditions === undefined ? { conditions: null } : { "$setElementOrder/conditions": order, conditions }),
  };
}
