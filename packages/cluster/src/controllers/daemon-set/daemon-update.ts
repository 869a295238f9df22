import { scaledValue } from "../../model/int-or-percent.ts";
import { byAge } from "../../model/owner.ts";
import { isAvailable, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { DaemonSet } from "../../model/workload.ts";
import { revisionLabel } from "./daemon-pod.ts";

export interface UpdateView {
  readonly set: DaemonSet;
  readonly hash: string;
  readonly now: number;
  /** The pods of every node that should run one. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
}

export interface UpdatePlan {
  readonly remove: Pod[];
  /** Nodes that get the new pod beside the old. */
  readonly create: string[];
}

export function updateRoom({ spec }: DaemonSet, nodes: number): { surge: number; unavailable: number } {
  const rolling = spec.updateStrategy?.rollingUpdate;
  const surge = scaledValue(rolling?.maxSurge, nodes, "up") ?? 0;
  const unavailable = scaledValue(rolling?.maxUnavailable ?? 1, nodes, "up") ?? 0;
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Which pods of the past go now, and where new ones come before the old go. */
export function planUpdate(view: UpdateView): UpdatePlan {
  const { surge, unavailable } = updateRoom(view.set, view.byNode.size);
  return surge > 0 ? planSurge(view, surge) : planReplacement(view, unavailable);
}

function planReplacement(view: UpdateView, unavailableMax: number): UpdatePlan {
  let unavailable = 0;
  const broken: Pod[] = [];
  const working: Pod[] = [];
  for (const pods of view.byNode.values()) {
    const { newest, old } = split(view, pods);
    if (newest !== undefined) {
      if (!isUp(view, newest)) unavailable += 1;
    } else if (old === undefined) {
      unavailable += 1;
    } else if (!isUp(view, old)) {
      unavailable += 1;
      if (!isTerminating(old)) broken.push(old);
    } else if (!isTerminating(old)) {
      working.push(old);
    }
  }
  return { remove: [...broken, ...working.slice(0, Math.max(0, unavailableMax - unavailable))], create: [] };
}

function planSurge(view: UpdateView, surgeMax: number): UpdatePlan {
  const plan: UpdatePlan = { remove: [], create: [] };
  const candidates: string[] = [];
  let surging = 0;
  for (const [node, pods] of view.byNode) {
    const { newest, old } = split(view, pods);
    if (old === undefined) continue;
    if (newest === undefined) {
      if (isUp(view, old)) candidates.push(node);
      else plan.create.push(node);
    } else if (isUp(view, newest)) {
      if (!isTerminating(old)) plan.remove.push(old);
    } else {
      surging += 1;
    }
  }
  plan.create.push(...candidates.slice(0, Math.max(0, surgeMax - surging)));
  return plan;
}

function split({ hash }: UpdateView, pods: readonly Pod[]): { newest: Pod | undefined; old: Pod | undefined } {
  const alive = pods.filter((pod) => !isTerminating(pod));
  const sorted = [...(alive.length > 0 ? alive : pods)].sort(byAge);
  return {
    newest: sorted.find((pod) => pod.metadata.labels?.[revisionLabel] === hash),
    old: sorted.find((pod) => pod.metadata.labels?.[revisionLabel] !== hash),
  };
}

function isUp({ set, now }: UpdateView, pod: Pod): boolean {
  return !isTerminating(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
}
