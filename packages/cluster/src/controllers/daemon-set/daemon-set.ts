import { done, keyOf, requeueAfter, resources, splitKey, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { byAge, controllerKeys, controllerOf } from "../../model/owner.ts";
import type { Node } from "../../model/node.ts";
import { availableIn, isAvailable, isFinished, isReady, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import { sameStatus } from "../../model/status.ts";
import { templateHash } from "../../model/template-hash.ts";
import type { ControllerRevision, DaemonSet, DaemonSetStatus } from "../../model/workload.ts";
import { candidatesOf, claim } from "../pods/claim.ts";
import { createPodControl } from "../pods/pod-control.ts";
import type { PodControl } from "../pods/pod-control.ts";
import { slowStart, together } from "../pods/slow-start.ts";
import {
  createRevision,
  equalRevision,
  listRevisions,
  renumber,
  revisionData,
  trimRevisions,
} from "../revisions/revision-history.ts";
import type { HistoryParts } from "../revisions/revision-history.ts";
import { belongsOn, daemonPod, nodeNameOf, revisionLabel } from "./daemon-pod.ts";
import { planUpdate, updateRoom } from "./daemon-update.ts";

interface Parts {
  readonly context: ControllerContext;
  readonly sets: Informer<DaemonSet>;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly revisions: Informer<ControllerRevision>;
  readonly podControl: PodControl;
  readonly events: EventRecorder;
}

/** Keeps one pod of each set on every node that it is for. */
export function daemonSetController(context: ControllerContext): Controller {
  const events = context.eventsOf("daemonset-controller");
  const parts: Parts = {
    context,
    sets: context.informers.of(resources.daemonSets),
    pods: context.informers.of(resources.pods),
    nodes: context.informers.of(resources.nodes),
    revisions: context.informers.of(resources.controllerRevisions),
    podControl: createPodControl(context.api, events),
    events,
  };
  return {
    name: "daemonset-controller",
    watches: [
      watching(parts.sets, (set) => [keyOf(set)]),
      watching(parts.pods, (pod) => keysOfPod(parts, pod)),
      watching(parts.revisions, (revision) => controllerKeys(revision, "DaemonSet", "apps/")),
      {
        subscribe: (add) =>
          parts.nodes.onChange(({ object, previous }) => {
            if (previous !== undefined && facts(previous) === facts(object)) return;
            for (const set of parts.sets.list()) add(keyOf(set));
          }),
      },
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

/** What decides whether a node has a pod. */
function facts(node: Node): string {
  return JSON.stringify([node.metadata.labels, node.spec?.taints, node.spec?.unschedulable]);
}

function keysOfPod({ sets }: Parts, pod: Pod): string[] {
  if (controllerOf(pod) !== undefined) return controllerKeys(pod, "DaemonSet", "apps/");
  return sets
    .list(pod.metadata.namespace ?? "")
    .filter((set) => matchesSelector(set.spec.selector, pod.metadata.labels))
    .map(keyOf);
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const set = parts.sets.get(namespace, name);
  if (set === undefined || isTerminating(set)) return done;
  const history: HistoryParts = {
    api: parts.context.api,
    revisions: parts.revisions,
    ownerResource: resources.daemonSets,
  };
  const revisions = await listRevisions(history, set);
  const hash = await currentHash(history, set, revisions);
  if (hash === undefined) return done;
  const pods = await claimPods(parts, set);
  const now = parts.context.clock.now();
  try {
    await placePods(parts, set, hash, pods);
    if (set.spec.updateStrategy?.type !== "OnDelete") await update(parts, set, hash, now);
    const used = new Set([hash, ...ownedPods(parts, set).map((pod) => pod.metadata.labels?.[revisionLabel])]);
    await trimRevisions(history, set, revisions, (revision) => used.has(revision.metadata.labels?.[revisionLabel]));
  } finally {
    // How it is, is told whether or not anything could be done about it.
    await writeStatus(parts, set, statusOf(parts, set, hash, now));
  }
  const owned = ownedPods(parts, set);
  const waits = owned.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, now) ?? 0).filter((ms) => ms > 0);
  return waits.length === 0 ? done : requeueAfter(Math.min(...waits) + 10);
}

/** The hash of the revision that the template is; it is made when there is none. Undefined when its name was taken. */
async function currentHash(
  history: HistoryParts,
  set: DaemonSet,
  revisions: readonly ControllerRevision[],
): Promise<string | undefined> {
  const data = revisionData(set.spec.template);
  const equal = revisions.findLast((revision) => equalRevision(revision, data));
  const newest = revisions.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  if (equal !== undefined) {
    if (equal !== newest) await renumber(history, equal, number);
    return equal.metadata.labels?.[revisionLabel];
  }
  const collisionCount = set.status?.collisionCount;
  const hash = templateHash(set.spec.template, collisionCount);
  const labels = { ...set.spec.template.metadata?.labels, [revisionLabel]: hash };
  const made = { name: `${set.metadata.name ?? ""}-${hash}`, labels, data, revision: number };
  if ((await createRevision(history, set, made)) !== undefined) return hash;
  const zero = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  const status = { ...zero, ...set.status, collisionCount: (collisionCount ?? 0) + 1 };
  await history.api.update<DaemonSet>(resources.daemonSets, { ...set, status }, "status");
  return undefined;
}

function claimPods({ context, pods }: Parts, set: DaemonSet): Promise<Pod[]> {
  const matches = (pod: Pod) => matchesSelector(set.spec.selector, pod.metadata.labels);
  const options = { api: context.api, informer: pods, owner: set, ownerResource: resources.daemonSets, matches };
  return claim(options, candidatesOf(pods, set));
}

function ownedPods({ pods }: Parts, set: DaemonSet): Pod[] {
  return pods
    .ownedBy(set.metadata.uid)
    .filter((pod) => matchesSelector(set.spec.selector, pod.metadata.labels))
    .sort(byAge);
}

function groupByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = nodeNameOf(pod);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [pod]);
    else group.push(pod);
  }
  return groups;
}

/** Makes pods where there are none, and deletes those that are too many or in the wrong place. */
async function placePods(parts: Parts, set: DaemonSet, hash: string, pods: readonly Pod[]): Promise<void> {
  const byNode = groupByNode(pods);
  const missing: string[] = [];
  const surplus: Pod[] = [];
  for (const node of parts.nodes.list()) {
    const nodeName = node.metadata.name ?? "";
    const there = byNode.get(nodeName) ?? [];
    byNode.delete(nodeName);
    const { shouldRun, mayStay } = belongsOn(set, node);
    if (!shouldRun) {
      if (!mayStay) surplus.push(...there.filter((pod) => !isTerminating(pod)));
      continue;
    }
    if (there.length === 0) missing.push(nodeName);
    else surplus.push(...surplusOn(parts, set, hash, there));
  }
  // The pods of nodes that have gone are collected with them; those that wait for one never get there.
  for (const group of byNode.values()) surplus.push(...group.filter((pod) => (pod.spec.nodeName ?? "") === ""));
  await slowStart(missing.length, (index) => parts.podControl.create(set, daemonPod(set, hash, missing[index] ?? "")));
  await together(surplus, (pod) => parts.podControl.delete(set, pod));
}

function surplusOn(parts: Parts, set: DaemonSet, hash: string, pods: readonly Pod[]): Pod[] {
  const finished = pods.filter((pod) => isFinished(pod) && !isTerminating(pod));
  for (const pod of finished) tellFinished(parts, set, pod);
  const running = pods.filter((pod) => !isFinished(pod) && !isTerminating(pod)).sort(byAge);
  const hasSurge = updateRoom(set, 1).surge > 0 && set.spec.updateStrategy?.type !== "OnDelete";
  const isNew = (pod: Pod) => pod.metadata.labels?.[revisionLabel] === hash;
  // While one comes before the other goes, a node may have two.
  const kept = hasSurge ? [running.find(isNew), running.find((pod) => !isNew(pod))] : [running[0]];
  return [...finished, ...running.filter((pod) => !kept.includes(pod))];
}

function tellFinished({ events }: Parts, set: DaemonSet, pod: Pod): void {
  const place = `daemon pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""} on node ${pod.spec.nodeName ?? ""}`;
  if (pod.status?.phase === "Failed") {
    events.warning(set, "FailedDaemonPod", `Found failed ${place}, will try to kill it`);
  } else {
    events.normal(set, "SucceededDaemonPod", `Found succeeded ${place}, will try to delete it`);
  }
}

async function update(parts: Parts, set: DaemonSet, hash: string, now: number): Promise<void> {
  const groups = groupByNode(ownedPods(parts, set));
  const byNode = new Map<string, readonly Pod[]>();
  for (const node of parts.nodes.list()) {
    const name = node.metadata.name ?? "";
    if (belongsOn(set, node).shouldRun) byNode.set(name, groups.get(name) ?? []);
  }
  const plan = planUpdate({ set, hash, now, byNode });
  await together(plan.remove, (pod) => parts.podControl.delete(set, pod));
  await together(plan.create, (name) => parts.podControl.create(set, daemonPod(set, hash, name)));
}

function statusOf(parts: Parts, set: DaemonSet, hash: string, now: number): DaemonSetStatus {
  const byNode = groupByNode(ownedPods(parts, set));
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  for (const node of parts.nodes.list()) {
    const pods = byNode.get(node.metadata.name ?? "") ?? [];
    if (!belongsOn(set, node).shouldRun) {
      if (pods.length > 0) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    const [oldest] = pods;
    if (oldest === undefined) continue;
    counts.current += 1;
    const alive = pods.filter((pod) => !isTerminating(pod));
    if (alive.some(isReady)) counts.ready += 1;
    if (alive.some((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now))) counts.available += 1;
    if (pods.some((pod) => pod.metadata.labels?.[revisionLabel] === hash)) counts.updated += 1;
  }
  const collisionCount = set.status?.collisionCount;
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: counts.updated,
    numberAvailable: counts.available,
    numberUnavailable: counts.desired - counts.available,
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
  };
}

async function writeStatus({ context }: Parts, set: DaemonSet, status: DaemonSetStatus): Promise<void> {
  if (sameStatus(set.status, status)) return;
  await context.api.update<DaemonSet>(resources.daemonSets, { ...set, status }, "status");
}
