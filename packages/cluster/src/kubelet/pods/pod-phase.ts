import { shouldRestart } from "./container-slot.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { ContainerStatus, Pod, PodPhase } from "./pod.ts";

export interface PhaseInput {
  readonly pod: Pod;
  readonly slots: readonly ContainerSlot[];
  readonly statuses: ReadonlyMap<ContainerSlot, ContainerStatus>;
  /** Nothing will be started any more: the pod is being deleted or has failed. */
  readonly isTerminal: boolean;
}

/** Whether a main container has ever run: from then on a pod counts as initialized for good. */
export function hasStarted(slots: readonly ContainerSlot[]): boolean {
  return slots.some(
    (slot) =>
      slot.kind === "main" &&
      (slot.active !== undefined || slot.terminated !== undefined || slot.previous !== undefined),
  );
}

/** The phase that follows from the containers' states; the rules are those of the kubelet. */
export function podPhase({ pod, slots, statuses, isTerminal }: PhaseInput): PodPhase {
  const init = initCounts(slots, statuses, pod);
  const main = mainCounts(slots, statuses, pod);
  if (init.failedForGood) return "Failed";
  if (init.pending || (init.sidecarPending && !hasStarted(slots)) || main.waiting + init.waiting > 0) return "Pending";
  if (main.running + init.running > 0) return "Running";
  if (main.stopped === 0) return "Pending";
  if (!isTerminal && main.restarting > 0) return "Running";
  return main.stopped === main.succeeded ? "Succeeded" : "Failed";
}

function initCounts(
  slots: readonly ContainerSlot[],
  statuses: ReadonlyMap<ContainerSlot, ContainerStatus>,
  pod: Pod,
): { pending: boolean; sidecarPending: boolean; failedForGood: boolean; running: number; waiting: number } {
  const counts = { pending: false, sidecarPending: false, failedForGood: false, running: 0, waiting: 0 };
  for (const slot of slots) {
    const status = statuses.get(slot);
    const ended = status?.state?.terminated ?? status?.lastState?.terminated;
    if (slot.kind === "sidecar") {
      if (status?.state?.running !== undefined) {
        counts.running += 1;
        if (status.started !== true) counts.sidecarPending = true;
      } else if (status?.state?.waiting !== undefined && status.lastState?.terminated === undefined) {
        counts.sidecarPending = true;
        counts.waiting += 1;
      }
    } else if (slot.kind === "init") {
      if (status?.state?.terminated?.exitCode === 0) continue;
      if (ended === undefined || ended.exitCode === 0) counts.pending = true;
      else if (shouldRestart(slot, pod, ended.exitCode)) counts.pending = true;
      else counts.failedForGood = true;
    }
  }
  // Once a main container has run, initialization is over whatever became of the init containers' own records.
  return hasStarted(slots) ? { ...counts, pending: false, failedForGood: false } : counts;
}

function mainCounts(
  slots: readonly ContainerSlot[],
  statuses: ReadonlyMap<ContainerSlot, ContainerStatus>,
  pod: Pod,
): { running: number; waiting: number; stopped: number; succeeded: number; restarting: number } {
  const counts = { running: 0, waiting: 0, stopped: 0, succeeded: 0, restarting: 0 };
  for (const slot of slots) {
    if (slot.kind !== "main") continue;
    const status = statuses.get(slot);
    if (status?.state?.running !== undefined) {
      counts.running += 1;
      continue;
    }
    const ended = status?.state?.terminated ?? status?.lastState?.terminated;
    if (ended === undefined) {
      counts.waiting += 1;
      continue;
    }
    counts.stopped += 1;
    if (ended.exitCode === 0 && status?.state?.terminated !== undefined) counts.succeeded += 1;
    if (shouldRestart(slot, pod, ended.exitCode)) counts.restarting += 1;
  }
  return counts;
}
