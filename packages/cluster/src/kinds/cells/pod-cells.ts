import type { Container, ContainerStatus, Pod, PodCondition } from "../../schema/data/types/core-v1.ts";
import type { Cell } from "../columns.ts";
import { ageOf } from "./age.ts";

export const podCells: Readonly<Record<string, Cell<Pod>>> = {
  Ready: (pod) => {
    const { ready, total } = summary(pod);
    return `${ready}/${total}`;
  },
  Status: (pod) => summary(pod).reason,
  Restarts: (pod, now) => {
    const { restarts, lastRestart } = summary(pod);
    return restarts === 0 || lastRestart === "" ? String(restarts) : `${restarts} (${ageOf(lastRestart, now)} ago)`;
  },
  IP: ({ status }) => status.podIPs?.[0]?.ip || "<none>",
  Node: ({ spec }) => spec.nodeName ?? "<none>",
  "Nominated Node": ({ status }) => status.nominatedNodeName ?? "<none>",
  "Readiness Gates": ({ spec, status }) => {
    const gates = spec.readinessGates ?? [];
    if (gates.length === 0) return "<none>";
    const open = gates.filter(({ conditionType }) => isTrue(status.conditions, conditionType));
    return `${open.length}/${gates.length}`;
  },
};

interface Summary {
  ready: number;
  total: number;
  reason: string;
  restarts: number;
  /** Empty when nothing was restarted. */
  lastRestart: string;
}

const summaries = new WeakMap<Pod, Summary>();

function summary(pod: Pod): Summary {
  const known = summaries.get(pod);
  if (known) return known;
  const made = summarise(pod);
  summaries.set(pod, made);
  return made;
}

function summarise(pod: Pod): Summary {
  const { spec, status, metadata } = pod;
  const containers = spec.containers ?? [];
  const sidecars = new Map((spec.initContainers ?? []).filter(isSidecar).map((each) => [each.name, each]));
  let reason = status.reason ?? status.phase ?? "";
  const isGated = ({ type, reason: why }: PodCondition): boolean =>
    type === "PodScheduled" && why === "SchedulingGated";
  if (status.conditions?.some(isGated)) reason = "SchedulingGated";
  const total = containers.length + sidecars.size;
  const result: Summary = { ready: 0, total, reason, restarts: 0, lastRestart: "" };
  const isInitializing = countInitContainers(pod, sidecars, result);
  if (!isInitializing || isTrue(status.conditions, "Initialized")) {
    const sidecarStatuses = (status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
    result.restarts = 0;
    result.lastRestart = "";
    for (const each of sidecarStatuses) countRestarts(each, result);
    countContainers(pod, result);
  }
  const isOver = status.phase === "Succeeded" || status.phase === "Failed";
  if (metadata.deletionTimestamp !== undefined && status.reason === "NodeLost") result.reason = "Unknown";
  else if (metadata.deletionTimestamp !== undefined && !isOver) result.reason = "Terminating";
  return result;
}

/** Whether an init container is still at work. */
function countInitContainers(pod: Pod, sidecars: ReadonlyMap<string, Container>, result: Summary): boolean {
  const total = (pod.spec.initContainers ?? []).length;
  for (const [index, container] of (pod.status.initContainerStatuses ?? []).entries()) {
    countRestarts(container, result);
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) result.ready++;
      continue;
    }
    if (terminated) result.reason = `Init:${terminationText(container)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") result.reason = `Init:${waiting.reason}`;
    else result.reason = `Init:${index}/${total}`;
    return true;
  }
  return false;
}

function countContainers(pod: Pod, result: Summary): void {
  let isSomethingRunning = false;
  let failure = "";
  for (const container of (pod.status.containerStatuses ?? []).toReversed()) {
    countRestarts(container, result);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) result.reason = waiting.reason;
    else if (terminated) {
      result.reason = terminationText(container);
      if (terminated.exitCode !== 0) failure = result.reason;
    } else if (container.ready && running) {
      isSomethingRunning = true;
      result.ready++;
    }
  }
  if (result.reason !== "Completed") return;
  if (isSomethingRunning && isTrue(pod.status.conditions, "Ready")) result.reason = "Running";
  else if (failure !== "") result.reason = failure;
  else if (isSomethingRunning) result.reason = "NotReady";
}

function countRestarts(container: ContainerStatus, result: Summary): void {
  result.restarts += container.restartCount;
  const finished = container.lastState?.terminated?.finishedAt ?? "";
  if (finished > result.lastRestart) result.lastRestart = finished;
}

function terminationText({ state }: ContainerStatus): string {
  const { reason, signal, exitCode } = state?.terminated ?? {};
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

function isTrue(conditions: readonly PodCondition[] | undefined, type: string): boolean {
  return conditions?.find((condition) => condition.type === type)?.status === "True";
}
