import { fromTimestamp, toTimestamp } from "../loop/index.ts";
import { findCondition, type Condition } from "../model/condition.ts";
import { isFinished, phaseOf, type Container, type ContainerStatus, type Pod, type PodStatus } from "../model/pod.ts";
import { workMs } from "./limits.ts";

export interface SimulatedPlace {
  readonly address: string;
  readonly hostAddress: string;
}

/** What the pod's status should be now; whole, with what others wrote into it. */
export function simulatedPodStatus(pod: Pod, place: SimulatedPlace, now: number): PodStatus {
  const startTime = pod.status?.startTime ?? toTimestamp(now);
  const phase = isOver(pod, now) ? "Succeeded" : "Running";
  const times: Times = { startedAt: startTime, finishedAt: toTimestamp(now) };
  const init = (pod.spec.initContainers ?? []).map((container) =>
    containerStatus(pod, container, container.restartPolicy === "Always" ? phase : "Succeeded", times),
  );
  return {
    ...pod.status,
    phase,
    conditions: conditionsOf(pod, phase, now),
    hostIP: place.hostAddress,
    hostIPs: [{ ip: place.hostAddress }],
    podIP: place.address,
    podIPs: [{ ip: place.address }],
    startTime,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: pod.spec.containers.map((container) => containerStatus(pod, container, phase, times)),
  };
}

/** Milliseconds until the pod has done its work; undefined when it works for ever. */
export function workLeftMs(pod: Pod, now: number): number | undefined {
  if ((pod.spec.restartPolicy ?? "Always") === "Always" || phaseOf(pod) !== "Running") return undefined;
  return Math.max(0, fromTimestamp(pod.status?.startTime) + workMs - now);
}

function isOver(pod: Pod, now: number): boolean {
  return isFinished(pod) || workLeftMs(pod, now) === 0;
}

type Phase = "Running" | "Succeeded";

interface Times {
  readonly startedAt: string;
  readonly finishedAt: string;
}

function containerStatus(pod: Pod, container: Container, phase: Phase, times: Times): ContainerStatus {
  const containerID = `simulated://${pod.metadata.uid ?? ""}-${container.name}`;
  const isRunning = phase === "Running";
  const terminated = { exitCode: 0, reason: "Completed", ...times, containerID };
  return {
    name: container.name,
    state: isRunning ? { running: { startedAt: times.startedAt } } : { terminated },
    lastState: {},
    ready: isRunning || pod.spec.initContainers?.includes(container) === true,
    restartCount: 0,
    image: container.image ?? "",
    imageID: "",
    containerID,
    started: isRunning,
  };
}

function conditionsOf(pod: Pod, phase: Phase, now: number): Condition[] {
  const known = pod.status?.conditions ?? [];
  const isRunning = phase === "Running";
  const completed = { status: "False", reason: "PodCompleted" } as const;
  const gates = (pod.spec["readinessGates"] ?? []) as readonly { readonly conditionType: string }[];
  const closed = gates.filter(({ conditionType }) => findCondition(known, conditionType)?.status !== "True");
  const ready = isRunning ? gateVerdict(closed) : completed;
  const own: readonly (readonly [type: string, verdict: Pick<Condition, "status" | "reason" | "message">])[] = [
    ["PodReadyToStartContainers", { status: isRunning ? "True" : "False" }],
    ["Initialized", { status: "True" }],
    ["Ready", ready],
    ["ContainersReady", isRunning ? { status: "True" } : completed],
    ["PodScheduled", { status: "True" }],
  ];
  const others = known.filter(({ type }) => own.every(([each]) => each !== type));
  const mine = own.map(([type, verdict]) => {
    const before = findCondition(known, type);
    const since = before?.status === verdict.status ? before.lastTransitionTime : undefined;
    return { type, ...verdict, lastProbeTime: null, lastTransitionTime: since ?? toTimestamp(now) };
  });
  return [...mine, ...others];
}

function gateVerdict(
  closed: readonly { readonly conditionType: string }[],
): Pick<Condition, "status" | "reason" | "message"> {
  if (closed.length === 0) return { status: "True" };
  const names = closed.map(({ conditionType }) => JSON.stringify(conditionType)).join(", ");
  return { status: "False", reason: "ReadinessGatesNotReady", message: `readiness gates that aren't open: ${names}` };
}
