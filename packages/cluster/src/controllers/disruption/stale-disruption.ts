import { done, fromTimestamp, keyOf, requeueAfter, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import { isFinished, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { writePodCondition } from "../pods/pod-condition.ts";

/** Whoever says that a pod is to go should have deleted it by then. */
const staleMs = 120_000;

/** Takes back what was said of pods that were to go and didn't. */
export function staleDisruptionController(context: ControllerContext): Controller {
  const pods = context.informers.of<Pod>(resources.pods);
  return {
    name: "stale-disruption-controller",
    watches: [watching(pods, (pod) => (staleSince(pod) === undefined ? [] : [keyOf(pod)]))],
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const since = pod === undefined ? undefined : staleSince(pod);
      if (pod === undefined || since === undefined) return done;
      const left = since + staleMs - context.clock.now();
      if (left > 0) return requeueAfter(left + 10);
      const written = writePodCondition(context, pod, { type: "DisruptionTarget", status: "False" });
      await unless(["not-found"], written);
      return done;
    },
  };
}

function staleSince(pod: Pod): number | undefined {
  const condition = findCondition(pod.status?.conditions, "DisruptionTarget");
  if (condition?.status !== "True" || condition.reason === "TerminationByKubelet") return undefined;
  return isTerminating(pod) || isFinished(pod) ? undefined : fromTimestamp(condition.lastTransitionTime);
}
