import { done, keyOf, requeueAfter, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { taintsOf } from "../../model/node.ts";
import type { Node, Taint } from "../../model/node.ts";
import { tolerates } from "../../model/placement.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { disruption, writePodCondition } from "../pods/pod-condition.ts";
import { indexByNode, podsOn } from "./pods-of-node.ts";

interface Parts {
  readonly context: ControllerContext;
  readonly nodes: Informer<Node>;
  readonly pods: Informer<Pod>;
  /** Since when a pod has to bear what it bears for a while only. */
  readonly bearingSince: Map<string, number>;
  readonly events: EventRecorder;
}

/** Deletes pods from nodes whose taints they don't bear, or no longer. */
export function taintEvictionController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    nodes: context.informers.of<Node>(resources.nodes),
    pods: indexByNode(context.informers.of<Pod>(resources.pods)),
    bearingSince: new Map(),
    events: context.eventsOf("taint-eviction-controller"),
  };
  return {
    name: "taint-eviction-controller",
    watches: [
      watching(parts.pods, (pod) => (isOnTaintedNode(parts, pod) ? [keyOf(pod)] : [])),
      {
        subscribe: (add) =>
          parts.nodes.onChange(({ object, previous }) => {
            if (evictors(object).length + (previous === undefined ? 0 : evictors(previous).length) === 0) return;
            for (const pod of podsOn(parts.pods, object.metadata.name ?? "")) add(keyOf(pod));
          }),
      },
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

function evictors(node: Node | undefined): Taint[] {
  return node === undefined ? [] : taintsOf(node).filter(({ effect }) => effect === "NoExecute");
}

function isOnTaintedNode({ nodes, bearingSince }: Parts, pod: Pod): boolean {
  return bearingSince.has(keyOf(pod)) || evictors(nodes.get("", pod.spec.nodeName ?? "")).length > 0;
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const pod = parts.pods.get(namespace, name);
  if (pod === undefined || isTerminating(pod)) {
    parts.bearingSince.delete(key);
    return done;
  }
  const seconds = bearsFor(pod, evictors(parts.nodes.get("", pod.spec.nodeName ?? "")));
  if (seconds === Infinity) {
    if (parts.bearingSince.delete(key)) {
      parts.events.normal(pod, "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
    }
    return done;
  }
  const now = parts.context.clock.now();
  const since = parts.bearingSince.get(key) ?? now;
  parts.bearingSince.set(key, since);
  const left = since + seconds * 1000 - now;
  if (left > 0) return requeueAfter(left);
  parts.events.normal(pod, "TaintManagerEviction", `Marking for deletion Pod ${key}`);
  const why = disruption("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
  await unless(["not-found"], writePodCondition(parts.context, pod, why));
  await unless(["not-found"], parts.context.api.delete(resources.pods, pod));
  parts.bearingSince.delete(key);
  return done;
}

/** Seconds; infinite when it bears all of them for ever, none when one of them not at all. */
function bearsFor(pod: Pod, taints: readonly Taint[]): number {
  let least = Infinity;
  for (const taint of taints) {
    const fitting = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (fitting.length === 0) return 0;
    for (const { tolerationSeconds } of fitting) {
      if (tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, tolerationSeconds));
    }
  }
  return least;
}
