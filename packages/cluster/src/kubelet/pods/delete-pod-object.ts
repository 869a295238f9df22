import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

/** Nothing is left of the pod on this node: its object goes. Tries until the API server has an answer or `isGone` says that it went already. */
export async function deletePodObject(
  pod: Pod,
  services: Pick<PodServices, "client" | "log">,
  isGone: () => boolean,
): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  for (let waitMs = retryBackOffMs.first; ; waitMs = Math.min(waitMs * 2, retryBackOffMs.max)) {
    try {
      const answer = await services.client.request({
        method: "DELETE",
        path: `/api/v1/namespaces/${namespace}/pods/${name}`,
        body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, preconditions: { uid } },
      });
      if (answer.status < 500 && answer.status !== 429) return;
    } catch (error) {
      services.log(`deleting pod ${namespace}/${name}: ${messageOf(error)}`);
    }
    if (isGone()) return;
    await delay(waitMs);
  }
}
