import { containerStatus, seconds } from "./container-status.ts";
import type { ContainerSlot, SlotKind } from "./container-slot.ts";
import { podConditions } from "./pod-conditions.ts";
import { podPhase } from "./pod-phase.ts";
import { isFinished } from "./pod.ts";
import type { ContainerStatus, Pod, PodStatus } from "./pod.ts";
import type { PodEnding } from "./pod-ending.ts";
import type { PodServices } from "./pod-services.ts";

export interface PodStatusInput {
  readonly pod: Pod;
  readonly slots: readonly ContainerSlot[];
  readonly services: PodServices;
  readonly addresses: readonly string[];
  readonly hasSandbox: boolean;
  /** Nothing will be started any more. */
  readonly isEnding: boolean;
  /** Why the kubelet itself has ended the pod. */
  readonly ending: PodEnding | undefined;
  readonly startedAt: string;
}

/** The whole status of a pod, from the states of its containers. */
export function makePodStatus(input: PodStatusInput): PodStatus {
  const { pod, slots, services, addresses, hasSandbox, isEnding, ending } = input;
  const { generation } = pod.metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  if (ending?.isRefusal === true) {
    const { reason, message } = ending;
    return { ...observed, phase: "Failed", reason, message, startTime: input.startedAt };
  }
  const { name, canBeReadOnlyBelow = false } = services.runtime;
  const context = { pod, runtimeName: name, isIsolated: name === "oci", canBeReadOnlyBelow };
  const statuses = new Map(slots.map((slot) => [slot, containerStatus(slot, context)]));
  const known = pod.status?.phase;
  const computed = podPhase({ pod, slots, statuses, isTerminal: isEnding });
  // A pod that has come to its end never comes back from it.
  const reached = isFinished(pod) && known !== undefined ? known : computed;
  // As long as something of it runs, it hasn't failed yet.
  const failed = slots.every(({ active }) => active === undefined) ? ending : undefined;
  const phase = failed === undefined ? reached : "Failed";
  const conditions = podConditions({
    pod,
    phase,
    slots,
    statuses,
    hasSandbox,
    known: pod.status?.conditions ?? [],
    more: failed?.condition === undefined ? [] : [failed.condition],
    now: seconds(services.now()),
  });
  const ofKind = (kinds: readonly SlotKind[]): ContainerStatus[] =>
    slots.flatMap((slot) => (kinds.includes(slot.kind) ? (statuses.get(slot) ?? []) : []));
  const init = ofKind(["init", "sidecar"]);
  const ephemeral = ofKind(["ephemeral"]);
  const ips = addresses.map((ip) => ({ ip }));
  return {
    ...observed,
    phase,
    ...(failed === undefined ? {} : { reason: failed.reason, message: failed.message }),
    conditions,
    hostIP: services.nodeAddress,
    hostIPs: [{ ip: services.nodeAddress }],
    ...(ips[0] === undefined ? {} : { podIP: ips[0].ip, podIPs: ips }),
    startTime: input.startedAt,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: ofKind(["main"]).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
  };
}
