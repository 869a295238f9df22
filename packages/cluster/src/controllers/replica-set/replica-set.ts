import type { KubeObject } from "../../object/kube-object.ts";
import {
  done,
  hasCode,
  messageOf,
  requeueAfter,
  resources,
  splitKey,
  toTimestamp,
  watching,
} from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome, Resource } from "../../loop/index.ts";
import { findCondition, setCondition, withoutCondition } from "../../model/condition.ts";
import { controllerKeys, controllerOf } from "../../model/owner.ts";
import { availableIn, isActive, isFinished, isReady, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesLabels, matchesSelector } from "../../model/selector.ts";
import type { LabelSelector } from "../../model/selector.ts";
import { sameStatus } from "../../model/status.ts";
import type { ReplicaSet, ReplicaSetStatus } from "../../model/workload.ts";
import { candidatesOf, claim } from "../pods/claim.ts";
import { leastNeeded } from "../pods/deletion-order.ts";
import { createPodControl, podFromTemplate } from "../pods/pod-control.ts";
import type { PodControl } from "../pods/pod-control.ts";
import { slowStart, together } from "../pods/slow-start.ts";

/** Pods that are made or deleted in one look; the rest comes with the next. */
const podsAtOnceMax = 500;

/** ReplicaSets and their ancestors, ReplicationControllers, differ in their selector and name alone. */
interface Flavour {
  readonly resource: Resource;
  readonly group: string;
  readonly component: string;
  readonly selectorOf: (object: ReplicaSet) => LabelSelector | undefined;
  readonly countsTerminating: boolean;
}

export function replicaSetController(context: ControllerContext): Controller {
  return create(context, {
    resource: resources.replicaSets,
    group: "apps/",
    component: "replicaset-controller",
    selectorOf: (set) => set.spec.selector,
    countsTerminating: true,
  });
}

export function replicationController(context: ControllerContext): Controller {
  return create(context, {
    resource: resources.replicationControllers,
    group: "v1",
    component: "replication-controller",
    selectorOf: (set) => {
      const matchLabels = set.spec.selector as Record<string, string> | undefined;
      return matchLabels === undefined ? undefined : { matchLabels };
    },
    countsTerminating: false,
  });
}

interface Parts {
  readonly context: ControllerContext;
  readonly flavour: Flavour;
  readonly sets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly podControl: PodControl;
}

function create(context: ControllerContext, flavour: Flavour): Controller {
  const sets = context.informers.of<ReplicaSet>(flavour.resource);
  const pods = context.informers.of<Pod>(resources.pods);
  const podControl = createPodControl(context.api, context.eventsOf(flavour.component));
  const parts: Parts = { context, flavour, sets, pods, podControl };
  return {
    name: flavour.component,
    watches: [
      watching(sets, (set) => [`${set.metadata.namespace ?? ""}/${set.metadata.name ?? ""}`]),
      watching(pods, (pod) => keysOfPod(parts, pod)),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

function keysOfPod({ flavour, sets }: Parts, pod: Pod): string[] {
  if (controllerOf(pod) !== undefined) return controllerKeys(pod, flavour.resource.kind, flavour.group);
  if (isTerminating(pod) || pod.metadata.labels === undefined) return [];
  return sets
    .list(pod.metadata.namespace ?? "")
    .filter((set) => selects(flavour.selectorOf(set), pod))
    .map((set) => `${set.metadata.namespace ?? ""}/${set.metadata.name ?? ""}`);
}

/** An empty selector selects nothing here: validation refuses it, but old objects may have it. */
function selects(selector: LabelSelector | undefined, object: KubeObject): boolean {
  const size = Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length;
  return size > 0 && matchesSelector(selector, object.metadata.labels);
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const set = parts.sets.get(namespace, name);
  if (set === undefined) return done;
  const active = await claimPods(parts, set);
  const failure = isTerminating(set) ? undefined : await manageReplicas(parts, set, active);
  const now = parts.context.clock.now();
  const current = isTerminating(set) ? active : activePodsOf(parts, set);
  await writeStatus(parts, set, statusOf(parts, set, { active: current, failure, now }));
  if (failure !== undefined) return { kind: "failed", error: failure };
  return nextCheck(set, current, now);
}

async function claimPods(parts: Parts, set: ReplicaSet): Promise<Pod[]> {
  const { context, flavour, pods } = parts;
  const selector = flavour.selectorOf(set);
  const candidates = candidatesOf(pods, set).filter(isActive);
  const matches = (pod: Pod) => selects(selector, pod);
  return claim({ api: context.api, informer: pods, owner: set, ownerResource: flavour.resource, matches }, candidates);
}

function activePodsOf({ flavour, pods }: Parts, set: ReplicaSet): Pod[] {
  const selector = flavour.selectorOf(set);
  return pods.ownedBy(set.metadata.uid).filter((pod) => isActive(pod) && selects(selector, pod));
}

/** Makes or deletes what the number of pods is off by. Answers why it didn't succeed. */
async function manageReplicas(parts: Parts, set: ReplicaSet, active: readonly Pod[]): Promise<unknown> {
  const difference = active.length - (set.spec.replicas ?? 1);
  const count = Math.min(Math.abs(difference), podsAtOnceMax);
  try {
    if (difference < 0) {
      await slowStart(count, () => createPod(parts, set));
    } else if (difference > 0) {
      const chosen = leastNeeded(active, relatedPods(parts, set), count, parts.context.clock.now());
      await together(chosen, (pod) => parts.podControl.delete(set, pod));
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

async function createPod({ podControl }: Parts, set: ReplicaSet): Promise<void> {
  try {
    await podControl.create(set, podFromTemplate(set.spec.template, set));
  } catch (error) {
    if (!hasCode(error, "namespace-terminating")) throw error;
  }
}

/** The pods of all sets that have the same owner, such as those of one Deployment. */
function relatedPods({ sets, pods }: Parts, set: ReplicaSet): Pod[] {
  const owner = controllerOf(set);
  const siblings = owner === undefined ? [set] : sets.ownedBy(owner.uid);
  return siblings.flatMap((sibling) => pods.ownedBy(sibling.metadata.uid));
}

interface Seen {
  readonly active: readonly Pod[];
  readonly failure: unknown;
  readonly now: number;
}

function statusOf(parts: Parts, set: ReplicaSet, { active, failure, now }: Seen): ReplicaSetStatus {
  const ready = active.filter(isReady);
  const seconds = set.spec.minReadySeconds ?? 0;
  const templateLabels = set.spec.template.metadata?.labels ?? {};
  const terminating = parts.pods.ownedBy(set.metadata.uid).filter((pod) => isTerminating(pod) && !isFinished(pod));
  const conditions = conditionsOf(set, active.length, failure, now);
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => matchesLabels(templateLabels, pod.metadata.labels)).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => availableIn(pod, seconds, now) === 0).length,
    ...(parts.flavour.countsTerminating ? { terminatingReplicas: terminating.length } : {}),
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function conditionsOf(set: ReplicaSet, active: number, failure: unknown, now: number) {
  const conditions = set.status?.conditions ?? [];
  if (failure === undefined) return withoutCondition(conditions, "ReplicaFailure");
  if (findCondition(conditions, "ReplicaFailure") !== undefined) return conditions;
  return setCondition(conditions, {
    type: "ReplicaFailure",
    status: "True",
    reason: active < (set.spec.replicas ?? 1) ? "FailedCreate" : "FailedDelete",
    message: messageOf(failure),
    lastTransitionTime: toTimestamp(now),
  });
}

async function writeStatus(
  { context, flavour, sets }: Parts,
  set: ReplicaSet,
  status: ReplicaSetStatus,
): Promise<void> {
  const complete = set.status?.terminatingReplicas === status.terminatingReplicas;
  if (complete && sameStatus(set.status, status)) return;
  // Adoption may have touched nothing of the set, so the newest that we know is the one we looked at or a later one.
  const newest = sets.get(set.metadata.namespace, set.metadata.name ?? "") ?? set;
  await context.api.update<ReplicaSet>(flavour.resource, { ...newest, status }, "status");
}

function nextCheck(set: ReplicaSet, active: readonly Pod[], now: number): Outcome {
  const seconds = set.spec.minReadySeconds ?? 0;
  const waits = active.map((pod) => availableIn(pod, seconds, now) ?? 0).filter((ms) => ms > 0);
  return waits.length === 0 ? done : requeueAfter(Math.min(...waits) + 10);
}
