import type { UnpackedImage } from "../images/image-store.ts";
import type { ContainerLog } from "../logs/container-log.ts";
import type { ContainerUser, RunningContainer } from "../runtime/runtime.ts";
import { BackOff } from "./back-off.ts";
import { pullBackOffMs, restartBackOffMs } from "../limits.ts";
import { isSidecar } from "./pod.ts";
import type { Container, ContainerStatus, Pod, Resources, Terminated } from "./pod.ts";

export type SlotKind = "init" | "sidecar" | "main" | "ephemeral";

/** One container of a pod's spec over all its restarts. */
export interface ContainerSlot {
  container: Container;
  readonly kind: SlotKind;
  readonly restartBackOff: BackOff;
  readonly pullBackOff: BackOff;
  image: UnpackedImage | undefined;
  active: ActiveContainer | undefined;
  /** How the latest run ended; undefined while one is under way or before the first. */
  terminated: Terminated | undefined;
  /** How the run before that ended. */
  previous: Terminated | undefined;
  /** What was in effect when it ran last. */
  resources: Resources | undefined;
  /** Why nothing runs, where that is more than "not yet". */
  waiting: { readonly reason: string; readonly message?: string } | undefined;
  pullFailedAt: number;
  pullFailure: string;
  attempt: number;
  ready: boolean;
  started: boolean;
  /** Ended in order to be started anew: no policy and no wait stands against it. */
  restartsNow: boolean;
  /** Set while it is being stopped. */
  stopping: Promise<void> | undefined;
  /** What `logs` and `logs --previous` show. */
  logs: string[];
}

export interface ActiveContainer {
  readonly id: string;
  readonly running: RunningContainer;
  readonly startedAt: Date;
  readonly log: ContainerLog;
  readonly user: ContainerUser;
  /** The unpacked image that it runs on, whatever its image's name means by now. */
  readonly imageRoot: string;
  /** Those that are in effect. */
  resources: Resources;
  /** Ends probes when the container ends. */
  readonly life: AbortController;
  /** Resolves when the container's end is in the slot. */
  readonly settled: Promise<void>;
}

export function makeSlots(pod: Pod): ContainerSlot[] {
  const init = (pod.spec.initContainers ?? []).map((each) => makeSlot(each, isSidecar(each) ? "sidecar" : "init", pod));
  const main = pod.spec.containers.map((each) => makeSlot(each, "main", pod));
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((each) => makeSlot(each, "ephemeral", pod));
  return [...init, ...main, ...ephemeral];
}

/** What the API server still knows of an earlier run is where this one goes on. */
export function makeSlot(container: Container, kind: SlotKind, pod: Pod): ContainerSlot {
  const known = statusesOf(pod, kind).find((status) => status.name === container.name);
  const wasRunning = known?.state?.running !== undefined;
  return {
    container,
    kind,
    restartBackOff: new BackOff(restartBackOffMs),
    pullBackOff: new BackOff(pullBackOffMs),
    image: undefined,
    active: undefined,
    terminated: wasRunning ? lost(known) : (known?.state?.terminated ?? known?.lastState?.terminated),
    previous: known?.state?.terminated === undefined ? undefined : known.lastState?.terminated,
    resources: known?.resources,
    waiting: undefined,
    pullFailedAt: 0,
    pullFailure: "",
    attempt: known?.restartCount ?? 0,
    ready: false,
    started: false,
    restartsNow: false,
    stopping: undefined,
    logs: [],
  };
}

function statusesOf(pod: Pod, kind: SlotKind): readonly ContainerStatus[] {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses } = pod.status ?? {};
  if (kind === "main") return containerStatuses ?? [];
  return (kind === "ephemeral" ? ephemeralContainerStatuses : initContainerStatuses) ?? [];
}

/** A container that ran when the control process died, and is gone: how it ended nobody knows. */
function lost(known: ContainerStatus): Terminated {
  return {
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was terminated",
    ...(known.containerID === undefined ? {} : { containerID: known.containerID }),
  };
}

/** Whether a container that ended with this code is started again. */
export function shouldRestart(slot: ContainerSlot, pod: Pod, exitCode: number): boolean {
  const { container, kind } = slot;
  if (slot.restartsNow) return true;
  if (kind === "ephemeral") return false;
  if (kind === "sidecar") return true;
  if (kind === "init" && exitCode === 0) return false;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? "Always";
  for (const rule of container.restartPolicyRules ?? []) {
    const listed = rule.exitCodes?.values?.includes(exitCode) === true;
    if (rule.action === "Restart" && listed === (rule.exitCodes?.operator === "In")) return true;
  }
  if (policy === "OnFailure") return exitCode !== 0;
  return policy === "Always";
}

/** What runs goes on without this process. */
export function letGoContainers(slots: readonly ContainerSlot[]): void {
  for (const { active } of slots) {
    active?.life.abort();
    active?.running.leave();
    active?.log.close();
  }
}
