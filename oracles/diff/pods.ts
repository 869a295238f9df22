// Pods without a node: a scenario says what becomes of them, so that controllers can be watched without anything that runs.
import { setTimeout as sleep } from "node:timers/promises";
import { OracleError } from "../machine/oracle-error.ts";
import type { ClusterClient } from "./cluster-client.ts";
import type { PodsStep, PodState } from "./scenario.ts";

const pollMs = 50;

interface Pod {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { type: string; status: string }[] };
}

export interface PodsPlace {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly patienceMs: number;
}

/** Waits for as many pods as the step wants that are not in the state yet, and writes it into their status. */
export async function bringPods({ selector, count, state }: PodsStep, place: PodsPlace): Promise<void> {
  const path = `/api/v1/namespaces/${place.namespace}/pods`;
  const deadlineMs = performance.now() + place.patienceMs;
  for (;;) {
    const query = `?labelSelector=${encodeURIComponent(selector)}`;
    const { body } = await place.client.send({ method: "GET", path: `${path}${query}`, headers: [], body: "" });
    const { items = [] } = JSON.parse(body) as { items?: readonly Pod[] };
    const waiting = items.filter((pod) => canBecome(pod, state)).toSorted(byAge);
    if (waiting.length >= count) {
      for (const [index, pod] of waiting.slice(0, count).entries()) await write(pod, { state, index }, { path, place });
      return;
    }
    if (performance.now() > deadlineMs)
      throw new OracleError(
        "command-failed",
        `${waiting.length} pods of ${selector} can become ${state}, not ${count}`,
      );
    await sleep(pollMs);
  }
}

function canBecome({ metadata, status }: Pod, { name }: PodState): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return false;
  const isReady = status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return name === "Ready" ? isReady !== true : name !== "Unready" || isReady === true;
}

function byAge(left: Pod, right: Pod): number {
  const order = (pod: Pod): string => `${pod.metadata.creationTimestamp} ${pod.metadata.name}`;
  return order(left).localeCompare(order(right));
}

async function write(
  pod: Pod,
  { state, index }: { readonly state: PodState; readonly index: number },
  { path, place }: { readonly path: string; readonly place: PodsPlace },
): Promise<void> {
  const answer = await place.client.send({
    method: "PATCH",
    path: `${path}/${pod.metadata.name}/status?fieldManager=kubelet`,
    headers: [["Content-Type", "application/merge-patch+json"]],
    body: JSON.stringify({ status: statusOf(pod, state, index) }),
  });
  if (answer.status >= 400) throw new OracleError("command-failed", `${pod.metadata.name}: ${answer.body}`);
}

function statusOf({ spec }: Pod, { name, exitCode }: PodState, index: number): object {
  const now = new Date().toISOString().replace(/\.\d+/u, "");
  const status = name === "Ready" ? "True" : "False";
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status, lastTransitionTime: now }));
  const podIP = `192.0.2.${index + 1}`;
  const running = { phase: "Running", conditions, podIP, podIPs: [{ ip: podIP }], startTime: now };
  if (name === "Ready" || name === "Unready") return running;
  const terminated = { exitCode, reason: exitCode === 0 ? "Completed" : "Error", startedAt: now, finishedAt: now };
  const containerStatuses = spec.containers.map((container) => ({
    name: container.name,
    image: "",
    imageID: "",
    ready: false,
    restartCount: 0,
    state: { terminated },
  }));
  return { ...running, phase: name, containerStatuses };
}
