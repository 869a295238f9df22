import type { KubeClient } from "@fairway/kube-client";
import { createApi, Informers, resources, systemClock } from "../loop/index.ts";
import type { Clock, Informer } from "../loop/index.ts";
import type { Node } from "../model/node.ts";
import { isFinished, isTerminating } from "../model/pod.ts";
import type { Pod } from "../model/pod.ts";
import { claimStatusesOf, deviceResources } from "../model/device-objects.ts";
import { podInfoOf } from "./node-info.ts";
import { NodeSnapshot } from "./node-snapshot.ts";
import { isNodeChange, scheduleOne } from "./scheduler.ts";
import type { SchedulerParts } from "./scheduler.ts";
import { SchedulingEvents } from "./scheduling-event.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

const schedulerName = "default-scheduler";
/** Bindings under way; the next pod waits when there are so many. */
const bindingsMax = 64;

export interface StartSchedulerOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  readonly log?: (message: string) => void;
  /** What is known of the cluster, where others in the process know it already; whoever made it ends it. */
  readonly informers?: Informers;
}

export interface RunningScheduler {
  readonly ready: Promise<void>;
  /** Ends when the pod at hand is done and all bindings are answered. */
  readonly close: () => Promise<void>;
}

/** Gives pods to nodes, against any API server. */
export function startScheduler(client: KubeClient, given: StartSchedulerOptions = {}): RunningScheduler {
  const ending = new AbortController();
  const signal = given.signal === undefined ? ending.signal : AbortSignal.any([given.signal, ending.signal]);
  const clock = given.clock ?? systemClock;
  const random = given.random ?? Math.random;
  const log = given.log ?? (() => undefined);
  const informers = given.informers ?? new Informers({ client, clock, random, log, signal });
  const parts: SchedulerParts = {
    api: createApi(client, "kube-scheduler", informers),
    informers,
    clock,
    random,
    log,
    events: new SchedulingEvents(client, clock, schedulerName),
    snapshot: new NodeSnapshot(),
    queue: new SchedulingQueue(clock),
    nominations: new Map(),
    pendingDevices: new Map(),
    underWay: new Set(),
  };
  follow(parts);
  signal.addEventListener("abort", () => parts.queue.close(), { once: true });
  const ready = informers.start();
  const work = run(parts, ready, signal);
  return {
    ready,
    close: async () => {
      ending.abort();
      await Promise.all([work, given.informers === undefined ? informers.ended() : undefined]);
      await Promise.all([...parts.underWay, parts.events.flushed()]);
    },
  };
}

async function run(parts: SchedulerParts, ready: Promise<void>, signal: AbortSignal): Promise<void> {
  await ready;
  while (!signal.aborted) {
    const pod = await parts.queue.next();
    if (pod === undefined) return;
    try {
      await scheduleOne(parts, pod);
    } catch (error) {
      parts.log(`scheduler: ${error instanceof Error ? error.message : String(error)}`);
      parts.queue.retry(pod);
    }
    if (parts.underWay.size >= bindingsMax) await Promise.race(parts.underWay);
  }
}

function follow(parts: SchedulerParts): void {
  const { informers, queue } = parts;
  followPods(parts, informers.of<Pod>(resources.pods));
  followNodes(parts, informers.of<Node>(resources.nodes));
  for (const resource of [
    resources.namespaces,
    resources.persistentVolumeClaims,
    resources.persistentVolumes,
    resources.storageClasses,
    deviceResources.claims,
    deviceResources.classes,
    deviceResources.slices,
  ]) {
    informers.of(resource).onChange(() => queue.reconsiderAll());
  }
  informers.of(resources.podDisruptionBudgets);
}

function followPods(parts: SchedulerParts, pods: Informer<Pod>): void {
  const { snapshot, queue, nominations } = parts;
  pods.onChange(({ type, object, previous }) => {
    const uid = object.metadata.uid ?? "";
    const nodeName = object.spec.nodeName ?? "";
    if (type === "deleted" || isFinished(object)) {
      nominations.delete(uid);
      queue.remove(uid);
      if (snapshot.remove(uid)) queue.reconsiderAll();
      return;
    }
    if (nodeName !== "") {
      nominations.delete(uid);
      queue.remove(uid);
      snapshot.place(object, nodeName);
      // Who wants to be near this pod may fit now.
      if (previous === undefined || (previous.spec.nodeName ?? "") === "") queue.reconsiderAll();
      return;
    }
    if (isTerminating(object)) {
      queue.remove(uid);
      return;
    }
    if ((object.spec.schedulerName ?? schedulerName) !== schedulerName) return;
    if ((object.spec.schedulingGates ?? []).length > 0 || snapshot.isPlaced(uid)) return;
    const nominated = object.status?.nominatedNodeName ?? "";
    if (nominated !== "") nominations.set(uid, { nodeName: nominated, info: podInfoOf(object) });
    const isNew = !queue.has(uid) || previous === undefined;
    const isChanged = previous !== undefined && facts(previous) !== facts(object);
    if (isNew || isChanged) queue.add(object);
    else queue.refresh(object);
  });
}

/** What decides where a pod fits. */
function facts(pod: Pod): string {
  return JSON.stringify([pod.metadata.labels, pod.spec, claimStatusesOf(pod)]);
}

function followNodes({ snapshot, queue }: SchedulerParts, nodes: Informer<Node>): void {
  nodes.onChange(({ type, object, previous }) => {
    if (type === "deleted") {
      snapshot.removeNode(object.metadata.name ?? "");
      return;
    }
    snapshot.setNode(object);
    if (isNodeChange(previous, object)) queue.reconsiderAll();
  });
}
