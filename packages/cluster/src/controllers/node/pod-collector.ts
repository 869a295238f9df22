import { done, keyOf, requeueAfter, resources, splitKey, unless } from "../../loop/index.ts";
import type { Change, Controller, ControllerContext, Informer, Outcome } from "../../loop/index.ts";
import { byAge } from "../../model/owner.ts";
import type { Node } from "../../model/node.ts";
import { isFinished, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { Condition } from "../../model/condition.ts";
import { isConditionTrue } from "../../model/condition.ts";
import { deleteQuietly } from "../pods/pod-control.ts";
import { disruption, writePodCondition } from "../pods/pod-condition.ts";
import { together } from "../pods/slow-start.ts";
import { indexByNode, podsOn } from "./pods-of-node.ts";

/** A node that went may come back at once; its pods are left alone for so long. */
const quarantineMs = 40_000;
/** The key under which finished pods are counted; no pod is named so. */
const finishedKey = "?finished";
const finishedIndex = "finished";
const outOfService = "node.kubernetes.io/out-of-service";

interface Parts {
  readonly context: ControllerContext;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly missingSince: Map<string, number>;
}

/** Deletes pods that nobody else will: of nodes that have gone, and finished ones beyond a number. */
export function podCollector(context: ControllerContext): Controller {
  const pods = indexByNode(context.informers.of<Pod>(resources.pods));
  pods.addIndex(finishedIndex, (pod) => (isFinished(pod) ? ["yes"] : []));
  const nodes = context.informers.of<Node>(resources.nodes);
  const parts: Parts = { context, pods, nodes, missingSince: new Map() };
  return {
    name: "pod-garbage-collector",
    watches: [
      {
        subscribe: (add) =>
          pods.onChange((change) => {
            for (const key of keysOf(parts, change)) add(key);
          }),
      },
      {
        subscribe: (add) =>
          nodes.onChange(({ type, object }) => {
            if (type !== "deleted" && !isOutOfService(object)) return;
            for (const pod of podsOn(pods, object.metadata.name ?? "")) add(keyOf(pod));
          }),
      },
    ],
    reconcile: (key) => (key === finishedKey ? trimFinished(parts) : reconcile(parts, key)),
  };
}

function keysOf(parts: Parts, { type, object, previous }: Change<Pod>): string[] {
  if (type === "deleted") return [];
  const keys: string[] = [];
  const wasFinished = previous !== undefined && isFinished(previous);
  if (isFinished(object) && !wasFinished && parts.pods.count(finishedIndex, "yes") > most(parts)) {
    keys.push(finishedKey);
  }
  const { nodeName = "" } = object.spec;
  const isLost = nodeName === "" ? isTerminating(object) : mayBeLost(parts, object, nodeName);
  return isLost ? [...keys, keyOf(object)] : keys;
}

function mayBeLost({ nodes }: Parts, pod: Pod, nodeName: string): boolean {
  const node = nodes.get("", nodeName);
  return node === undefined || (isTerminating(pod) && isOutOfService(node));
}

function isOutOfService(node: Node): boolean {
  const isTainted = (node.spec?.taints ?? []).some(({ key }) => key === outOfService);
  return isTainted && !isConditionTrue(node.status?.conditions, "Ready");
}

function most({ context }: Parts): number {
  return context.options.terminatedPodsMax;
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const pod = parts.pods.get(namespace, name);
  if (pod === undefined) return done;
  const { nodeName = "" } = pod.spec;
  if (nodeName === "") {
    if (isTerminating(pod)) await fail(parts, pod);
    return done;
  }
  const node = parts.nodes.get("", nodeName);
  if (node !== undefined) {
    parts.missingSince.delete(nodeName);
    if (isTerminating(pod) && isOutOfService(node)) await fail(parts, pod);
    return done;
  }
  const now = parts.context.clock.now();
  const since = parts.missingSince.get(nodeName) ?? now;
  parts.missingSince.set(nodeName, since);
  const left = since + quarantineMs - now;
  if (left > 0) return requeueAfter(left + 10);
  if ((await parts.context.api.get(resources.nodes, "", nodeName)) !== undefined) return done;
  await fail(parts, pod, disruption("DeletionByPodGC", "PodGC: node no longer exists"));
  if (podsOn(parts.pods, nodeName).length === 0) parts.missingSince.delete(nodeName);
  return done;
}

/** No kubelet will ever say how it ended. */
async function fail({ context }: Parts, pod: Pod, why?: Condition): Promise<void> {
  if (!isFinished(pod)) await unless(["not-found", "conflict"], tellFailed(context, pod, why));
  await deleteQuietly(context.api, pod, 0);
}

async function tellFailed(context: ControllerContext, pod: Pod, why: Condition | undefined): Promise<void> {
  const phase = { phase: "Failed" };
  if (why !== undefined) return writePodCondition(context, pod, why, phase);
  const { namespace = "", name = "", uid } = pod.metadata;
  const target = { namespace, name, part: "status", type: "strategic" } as const;
  await context.api.patch(resources.pods, target, { metadata: { uid }, status: phase });
}

async function trimFinished(parts: Parts): Promise<Outcome> {
  const finished = parts.pods.find(finishedIndex, "yes").filter((pod) => !isTerminating(pod));
  const isEvicted = (pod: Pod) => pod.status?.reason === "Evicted";
  finished.sort((left, right) => Number(isEvicted(right)) - Number(isEvicted(left)) || byAge(left, right));
  await together(finished.slice(0, Math.max(0, finished.length - most(parts))), (pod) => fail(parts, pod));
  return done;
}
