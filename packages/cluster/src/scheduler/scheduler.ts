import type { KubeObject } from "../object/kube-object.ts";
import { hasCode, messageOf, resources, toTimestamp, unless } from "../loop/index.ts";
import type { Api, Clock, Informers } from "../loop/index.ts";
import { findCondition, replaceCondition } from "../model/condition.ts";
import type { Condition } from "../model/condition.ts";
import type { Node } from "../model/node.ts";
import { isTerminating } from "../model/pod.ts";
import type { Pod } from "../model/pod.ts";
import type { AllocationResult } from "../schema/data/types/resource-v1.ts";
import { bindClaims, freeClaim } from "./devices/bind-claims.ts";
import { BrokenClaimError, claimToFree, hasAllClaims } from "./devices/claim-needs.ts";
import type { ClaimNeeds } from "./devices/claim-needs.ts";
import { deviceResources } from "../model/device-objects.ts";
import type { DeviceClass, ResourceClaim, ResourceSlice } from "../model/device-objects.ts";
import { countAgainstBudgets } from "./disruption-budgets.ts";
import { podInfoOf } from "./node-info.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";
import type { NodeSnapshot } from "./node-snapshot.ts";
import { findPlaces, fitsOn, histogram, refusalText } from "./placement-cycle.ts";
import type { Placement, Surroundings } from "./placement-cycle.ts";
import { chooseVictims, notEligible } from "./preemption.ts";
import type { Victims } from "./preemption.ts";
import type { SchedulingEvents } from "./scheduling-event.ts";
import type { SchedulingQueue } from "./scheduling-queue.ts";
import { bestNode } from "./score.ts";
import { selectedNodeAnnotation } from "./volume-check.ts";

export interface SchedulerParts {
  readonly api: Api;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (message: string) => void;
  readonly events: SchedulingEvents;
  readonly snapshot: NodeSnapshot;
  readonly queue: SchedulingQueue;
  readonly nominations: Map<string, { readonly nodeName: string; readonly info: PodInfo }>;
  /** Devices that were chosen for claims and are not written down yet, by the uid of the claim. */
  readonly pendingDevices: Map<string, AllocationResult>;
  /** Bindings and status writes that are under way. */
  readonly underWay: Set<Promise<void>>;
}

/** Finds a node for one pod: which fit, which is best, and if none fits, whether less important pods can make room. */
export async function scheduleOne(parts: SchedulerParts, queued: Pod): Promise<void> {
  const pods = parts.informers.of<Pod>(resources.pods);
  const pod = pods.get(queued.metadata.namespace, queued.metadata.name ?? "");
  if (pod === undefined || pod.metadata.uid !== queued.metadata.uid || isTerminating(pod)) return;
  if ((pod.spec.nodeName ?? "") !== "" || parts.snapshot.isPlaced(pod.metadata.uid ?? "")) return;
  if (!hasAllClaims(pod, parts.informers.of<ResourceClaim>(deviceResources.claims))) {
    // It comes again when the claim does, and until then nothing is said.
    parts.queue.park(pod);
    return;
  }
  try {
    await place(parts, podInfoOf(pod));
  } catch (error) {
    if (!(error instanceof BrokenClaimError)) throw error;
    await tellRefusal(parts, pod, { reason: "SchedulerError", message: error.message, nominated: undefined });
    parts.queue.retry(pod);
  }
}

async function place(parts: SchedulerParts, info: PodInfo): Promise<void> {
  const { pod } = info;
  const around = surroundings(parts);
  const placement = findPlaces(info, around);
  const chosen = bestNode(info, placement.fitting, around.labelsOf, parts.random);
  if (chosen === undefined) {
    await refuse(parts, info, { placement, around });
    return;
  }
  // From here on the place is taken, so that the next pod can be looked at while the server is told.
  parts.nominations.delete(info.uid);
  const { volumes, devices } = placement.needs;
  if (volumes.waiting.length > 0) {
    // Before it is told: the answer may be faster than we are.
    parts.queue.await(pod);
    await chooseForVolumes(parts, volumes.waiting, chosen.name);
    return;
  }
  parts.snapshot.place(pod, chosen.name);
  const binding =
    devices.claims.length === 0 ? bind(parts, pod, chosen.name) : bindAll(parts, info, { devices, chosen });
  parts.underWay.add(binding);
  void binding.finally(() => parts.underWay.delete(binding));
}

interface Chosen {
  readonly devices: ClaimNeeds;
  readonly chosen: NodeInfo;
}

/** The devices first: the pod must not begin before they are its own. */
async function bindAll(parts: SchedulerParts, { pod, uid }: PodInfo, { devices, chosen }: Chosen): Promise<void> {
  const allocations = devices.allocationsOn(chosen);
  const pending = [...allocations].map(([{ metadata }, allocation]) => [metadata.uid ?? "", allocation] as const);
  for (const [claim, allocation] of pending) parts.pendingDevices.set(claim, allocation);
  try {
    await bindClaims(parts.api, pod, devices.claims, allocations);
  } catch (error) {
    parts.snapshot.remove(uid);
    const message = `running PreBind plugin "DynamicResources": ${messageOf(error)}`;
    await tellRefusal(parts, pod, { reason: "SchedulerError", message, nominated: undefined });
    parts.queue.retry(pod);
    return;
  } finally {
    for (const [claim] of pending) parts.pendingDevices.delete(claim);
  }
  await bind(parts, pod, chosen.name);
}

function surroundings({ informers, snapshot, nominations, pendingDevices }: SchedulerParts): Surroundings {
  const namespaces = informers.of(resources.namespaces);
  return {
    nodes: snapshot.nodes,
    labelsOf: (name) => namespaces.get("", name)?.metadata.labels,
    volumes: {
      claims: informers.of(resources.persistentVolumeClaims),
      volumes: informers.of(resources.persistentVolumes),
      classes: informers.of(resources.storageClasses),
    },
    devices: {
      claims: informers.of<ResourceClaim>(deviceResources.claims),
      classes: informers.of<DeviceClass>(deviceResources.classes),
      slices: informers.of<ResourceSlice>(deviceResources.slices),
      pending: pendingDevices,
    },
    nominated: (nodeName) =>
      [...nominations.values()].filter((entry) => entry.nodeName === nodeName).map(({ info }) => info),
  };
}

async function bind(parts: SchedulerParts, pod: Pod, nodeName: string): Promise<void> {
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
  const target = { apiVersion: "v1", kind: "Node", name: nodeName };
  const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid }, target };
  try {
    const answer = await parts.api.client.request({ method: "POST", path, body });
    if (answer.status < 300) {
      const note = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
      parts.events.say(pod, { type: "Normal", reason: "Scheduled", action: "Binding", note });
      return;
    }
    parts.snapshot.remove(uid);
    if (answer.status === 404 || answer.status === 409) return;
    parts.log(`scheduler: ${namespace}/${name} could not be bound: ${JSON.stringify(answer.body)}`);
  } catch (error) {
    parts.snapshot.remove(uid);
    parts.log(`scheduler: ${namespace}/${name} could not be bound: ${messageOf(error)}`);
  }
  parts.queue.retry(pod);
}

/** The volumes are made where the pod will run; the pod comes again when they are bound. */
async function chooseForVolumes(parts: SchedulerParts, claims: readonly KubeObject[], nodeName: string): Promise<void> {
  for (const claim of claims) {
    if (claim.metadata.annotations?.[selectedNodeAnnotation] !== undefined) continue;
    const { namespace = "", name = "" } = claim.metadata;
    const patch = { metadata: { annotations: { [selectedNodeAnnotation]: nodeName } } };
    await unless(["not-found"], parts.api.patch(resources.persistentVolumeClaims, { namespace, name }, patch));
  }
}

interface Refused {
  readonly placement: Placement;
  readonly around: Surroundings;
}

async function refuse(parts: SchedulerParts, info: PodInfo, refused: Refused): Promise<void> {
  const { pod } = info;
  const text = refusalText(refused.placement, refused.around.nodes.length);
  const freed = await wordsOfDevices(parts, pod, refused);
  const preemption = preempt(parts, info, refused);
  const words = [freed, preemption.words].filter((each) => each !== undefined).join(", ");
  const message = words === "" || preemption.victims !== undefined ? text : `${text} ${words}`;
  parts.queue.park(pod);
  if (preemption.victims !== undefined) {
    parts.nominations.set(info.uid, { nodeName: preemption.victims.node.name, info });
    await evict(parts, pod, preemption.victims);
  }
  await tellRefusal(parts, pod, { reason: "Unschedulable", message, nominated: preemption.victims?.node.name });
}

/** What a real scheduler says of devices when no node fits, whether the pod asks for some or not. */
async function wordsOfDevices(
  { api }: SchedulerParts,
  pod: Pod,
  { placement: { needs }, around }: Refused,
): Promise<string | undefined> {
  if (around.nodes.length === 0) return undefined;
  // Nobody has looked at devices then, and looking for what was found about them finds nothing.
  if (needs.volumes.missing !== undefined) return "not found";
  if (needs.devices.missing !== undefined || needs.devices.claims.length === 0) return "no new claims to deallocate";
  const claim = claimToFree(pod, needs.devices);
  if (claim === undefined) return "still not schedulable";
  await unless(["not-found", "conflict"], freeClaim(api, claim));
  return "deallocation of ResourceClaim completed";
}

interface Preemption {
  readonly words?: string;
  readonly victims?: Victims;
}

function preempt(parts: SchedulerParts, info: PodInfo, { placement, around }: Refused): Preemption {
  const total = around.nodes.length;
  if (total === 0 || placement.needs.volumes.missing !== undefined) return {};
  const prefix = `preemption: 0/${total} nodes are available: `;
  const nominated = parts.snapshot.get(info.pod.status?.nominatedNodeName ?? "");
  const reason = notEligible(info.pod, nominated);
  if (reason !== undefined) return { words: `preemption: ${reason}` };
  const resolvable: NodeInfo[] = [];
  for (const [node, refusal] of placement.refusals) if (refusal.isResolvable) resolvable.push(node);
  const budgets = parts.informers.of(resources.podDisruptionBudgets);
  const victims = chooseVictims({
    pod: info,
    candidates: resolvable,
    fits: fitsOn(info, around, placement.needs),
    budgets: () => countAgainstBudgets(budgets),
  });
  if (victims !== undefined) return { victims };
  const reasons = around.nodes.map((node) =>
    resolvable.includes(node)
      ? "No preemption victims found for incoming pod"
      : "Preemption is not helpful for scheduling",
  );
  return { words: `${prefix}${histogram(reasons)}.` };
}

async function evict(parts: SchedulerParts, preemptor: Pod, { node, pods }: Victims): Promise<void> {
  const note = `Preempted by pod ${preemptor.metadata.uid ?? ""} on node ${node.name}`;
  const condition: Condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "PreemptionByScheduler",
    message: `default-scheduler: preempting to accommodate a higher priority pod`,
  };
  for (const { pod } of pods) {
    try {
      await writeConditions(parts, pod, condition, {});
      await parts.api.delete(resources.pods, pod);
      parts.events.say(pod, { type: "Normal", reason: "Preempted", action: "Preempting", note }, preemptor);
    } catch (error) {
      if (!hasCode(error, "not-found")) parts.log(`scheduler: a pod was not preempted: ${messageOf(error)}`);
    }
  }
}

interface RefusalWords {
  readonly reason: "Unschedulable" | "SchedulerError";
  readonly message: string;
  readonly nominated: string | undefined;
}

async function tellRefusal(parts: SchedulerParts, pod: Pod, words: RefusalWords): Promise<void> {
  const { reason, message, nominated } = words;
  parts.events.say(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", note: message });
  const condition = { type: "PodScheduled", status: "False", reason, message } as const;
  const current = findCondition(pod.status?.conditions, "PodScheduled");
  const isTold = current?.status === "False" && current.message === message && current.reason === reason;
  if (isTold && nominated === undefined) return;
  try {
    await writeConditions(parts, pod, condition, nominated === undefined ? {} : { nominatedNodeName: nominated });
  } catch (error) {
    if (!hasCode(error, "not-found")) parts.log(`scheduler: ${messageOf(error)}`);
  }
}

async function writeConditions(
  parts: SchedulerParts,
  pod: Pod,
  condition: Condition,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  const now = toTimestamp(parts.clock.now());
  const [next] = replaceCondition(
    (pod.status?.conditions ?? []).filter(({ type }) => type === condition.type),
    { ...condition, lastProbeTime: null, lastTransitionTime: now },
  );
  const { namespace = "", name = "", uid, generation } = pod.metadata;
  const observed = generation === undefined ? next : { ...next, observedGeneration: generation };
  const patch = { metadata: { uid }, status: { conditions: [observed], ...more } };
  await parts.api.patch<Pod>(resources.pods, { namespace, name, part: "status", type: "strategic" }, patch);
}

export function isNodeChange(before: Node | undefined, after: Node): boolean {
  if (before === undefined) return true;
  const facts = (node: Node) => JSON.stringify([node.metadata.labels, node.spec, node.status?.allocatable]);
  return facts(before) !== facts(after);
}
