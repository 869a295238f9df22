import { fromTimestamp } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import { podAmounts } from "../../model/pod-requests.ts";
import { isTerminating, phaseOf } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { milliValue, parseQuantity } from "../../model/quantity.ts";
import type { PodMetric } from "./pod-metrics.ts";

/** A pod that just starts uses more than it will. */
const cpuStartMs = 300_000;
/** A pod that was never ready within this of its start has not begun its work. */
const firstReadyMs = 30_000;

export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

export interface Measured {
  readonly pods: readonly Pod[];
  readonly metrics: ReadonlyMap<string, PodMetric>;
  readonly resource: string;
  readonly container: string | undefined;
  readonly current: number;
  readonly tolerances: Tolerances;
  readonly now: number;
}

export interface Proposal {
  readonly replicas: number;
  /** Thousandths, of one pod on average. */
  readonly average: number;
  /** Percent of what is requested. */
  readonly utilization?: number;
}

/** How usage stands to what is wanted; above one there is too much of it. */
interface Ratio {
  readonly ratio: number;
  readonly average: number;
  readonly utilization?: number;
}

interface Method {
  readonly ratioOf: (values: ReadonlyMap<string, number>) => Ratio;
  /** What a pod counts for that tells nothing, when there is too little usage. */
  readonly assumed: (name: string) => number;
}

/** So many that the pods use about this percentage of what they request. */
export function replicasForUtilization(measured: Measured, target: number): Proposal {
  const requests = requestsOf(measured);
  return calculate(measured, {
    ratioOf: (values) => {
      let used = 0;
      let requested = 0;
      for (const [name, value] of values) {
        used += value;
        requested += requests.get(name) ?? 0;
      }
      if (requested === 0) throw new Error("no metrics returned matched known pods");
      const utilization = Math.trunc((used * 100) / requested);
      return { ratio: utilization / target, utilization, average: Math.trunc(used / values.size) };
    },
    assumed: (name) => Math.trunc(((requests.get(name) ?? 0) * Math.max(100, target)) / 100),
  });
}

/** So many that each uses about this much. */
export function replicasForValue(measured: Measured, targetText: string): Proposal {
  const target = milliValue(parseQuantity(targetText));
  return calculate(measured, {
    ratioOf: (values) => {
      const used = [...values.values()].reduce((sum, value) => sum + value, 0);
      const average = Math.trunc(used / values.size);
      return { ratio: average / target, average };
    },
    assumed: () => target,
  });
}

function calculate(measured: Measured, { ratioOf, assumed }: Method): Proposal {
  const { current } = measured;
  if (measured.pods.length === 0) throw new Error("no pods returned by selector while calculating replica count");
  const { ready, unready, missing, values } = sortPods(measured);
  if (values.size === 0) throw new Error("did not receive metrics for targeted pods (pods might be unready)");
  const seen = ratioOf(values);
  const { ratio, ...told } = seen;
  const growsWithUnready = unready.length > 0 && ratio > 1;
  if (!growsWithUnready && missing.length === 0) {
    if (isWithin(measured.tolerances, ratio)) return { replicas: current, ...told };
    return { replicas: Math.ceil(ratio * ready), ...told };
  }
  // Nobody is to be scaled because of pods of which nothing is known: they count as what changes least.
  if (ratio < 1) for (const name of missing) values.set(name, assumed(name));
  if (ratio > 1) for (const name of missing) values.set(name, 0);
  if (growsWithUnready) for (const name of unready) values.set(name, 0);
  const next = ratioOf(values).ratio;
  const turns = (ratio < 1 && next > 1) || (ratio > 1 && next < 1);
  if (isWithin(measured.tolerances, next) || turns) return { replicas: current, ...told };
  const replicas = Math.ceil(next * values.size);
  const isOdd = (next < 1 && replicas > current) || (next > 1 && replicas < current);
  return { replicas: isOdd ? current : replicas, ...told };
}

function isWithin({ up, down }: Tolerances, ratio: number): boolean {
  return ratio >= 1 - down && ratio <= 1 + up;
}

interface Sorted {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  /** Of those that are ready. */
  readonly values: Map<string, number>;
}

function sortPods({ pods, metrics, resource, now }: Measured): Sorted {
  const unready: string[] = [];
  const missing: string[] = [];
  const values = new Map<string, number>();
  for (const pod of pods) {
    const name = pod.metadata.name ?? "";
    const phase = phaseOf(pod);
    if (isTerminating(pod) || phase === "Failed") continue;
    const metric = metrics.get(name);
    if (phase === "Pending") unready.push(name);
    else if (metric === undefined) missing.push(name);
    else if (resource === "cpu" && !isSettled(pod, metric, now)) unready.push(name);
    else values.set(name, metric.value);
  }
  return { ready: values.size, unready, missing, values };
}

function isSettled({ status }: Pod, metric: PodMetric, now: number): boolean {
  const ready = findCondition(status?.conditions, "Ready");
  if (ready === undefined || status?.startTime === undefined) return false;
  const startedMs = fromTimestamp(status.startTime);
  const changedMs = fromTimestamp(ready.lastTransitionTime);
  const isReady = ready.status !== "False";
  if (startedMs + cpuStartMs > now) return isReady && metric.atMs >= changedMs + metric.windowMs;
  return isReady || startedMs + firstReadyMs <= changedMs;
}

function requestsOf({ pods, resource, container }: Measured): Map<string, number> {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const name = pod.metadata.name ?? "";
    const containers = [
      ...pod.spec.containers,
      ...(pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always"),
    ];
    if (container === undefined && pod.spec.resources?.requests?.[resource] !== undefined) {
      requests.set(name, milliValue(podAmounts(pod).get(resource) ?? 0n));
      continue;
    }
    const chosen = container === undefined ? containers : containers.filter((each) => each.name === container);
    if (container !== undefined && chosen.length === 0)
      throw new Error(`container ${container} not found in Pod ${name}`);
    let total = 0;
    for (const each of chosen) {
      const text = each.resources?.requests?.[resource];
      if (text === undefined)
        throw new Error(`missing request for ${resource} in container ${each.name} of Pod ${name}`);
      total += milliValue(parseQuantity(text));
    }
    requests.set(name, total);
  }
  return requests;
}
