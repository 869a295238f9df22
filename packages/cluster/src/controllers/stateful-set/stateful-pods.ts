import { hasCode, messageOf, resources, unless } from "../../loop/index.ts";
import { scaledValue } from "../../model/int-or-percent.ts";
import { isAvailable, isFinished, isReady, isTerminating, phaseOf } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { StatefulSet } from "../../model/workload.ts";
import { slowStart } from "../pods/slow-start.ts";
import { templateOf } from "../revisions/revision-history.ts";
import { ensureClaims, ownClaims } from "./stateful-claims.ts";
import type { Revisions, StatefulParts } from "./stateful-parts.ts";
import { ordinalOf, podNameLabel, revisionLabel, statefulPod } from "./stateful-pod.ts";

/** Whether the next pod may be looked at, or this one has to get on first. */
type Step = "next" | "wait";

interface Ranks {
  /** By ordinal, from the first; undefined where none is yet. */
  readonly replicas: (Pod | undefined)[];
  /** Beyond the wanted number, the highest first. */
  readonly condemned: Pod[];
}

/** Makes, replaces and deletes pods in the order of their ordinals. */
export async function managePods(
  parts: StatefulParts,
  set: StatefulSet,
  pods: readonly Pod[],
  revisions: Revisions,
): Promise<void> {
  const ranks = rank(set, pods);
  const isOrdered = set.spec.podManagementPolicy !== "Parallel";
  const firstOrdinal = startOf(set);
  const step = (index: number) =>
    bringUp(parts, set, revisions, { ordinal: firstOrdinal + index, pod: ranks.replicas[index], isOrdered });
  if (!(await forAll(ranks.replicas.length, isOrdered, step))) return;
  for (const pod of ranks.condemned) await ownClaims(parts, set, ordinalOf(set, pod) ?? 0, pod);
  const down = (index: number) => bringDown(parts, set, ranks, { pod: ranks.condemned[index], isOrdered });
  if (!(await forAll(ranks.condemned.length, isOrdered, down))) return;
  if (set.spec.updateStrategy?.type === "OnDelete") return;
  await replaceOutdated(parts, set, ranks.replicas, revisions);
}

/** One after another, as far as each lets the next; or all at once. */
async function forAll(count: number, isOrdered: boolean, step: (index: number) => Promise<Step>): Promise<boolean> {
  if (!isOrdered) {
    await slowStart(count, step);
    return true;
  }
  for (let index = 0; index < count; index += 1) if ((await step(index)) === "wait") return false;
  return true;
}

function rank(set: StatefulSet, pods: readonly Pod[]): Ranks {
  const replicas: (Pod | undefined)[] = Array.from({ length: set.spec.replicas ?? 1 }, () => undefined);
  const condemned: Pod[] = [];
  for (const pod of pods) {
    const index = (ordinalOf(set, pod) ?? 0) - startOf(set);
    if (index >= 0 && index < replicas.length) replicas[index] = pod;
    else condemned.push(pod);
  }
  condemned.sort((left, right) => (ordinalOf(set, right) ?? 0) - (ordinalOf(set, left) ?? 0));
  return { replicas, condemned };
}

interface Place {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
  readonly isOrdered: boolean;
}

async function bringUp(parts: StatefulParts, set: StatefulSet, revisions: Revisions, place: Place): Promise<Step> {
  const { pod, ordinal, isOrdered } = place;
  if (pod !== undefined && isFinished(pod)) {
    if (!isTerminating(pod)) await deletePod(parts, set, pod);
    return "wait";
  }
  if (pod === undefined) {
    if (!(await ensureClaims(parts, set, ordinal))) return "wait";
    await ownClaims(parts, set, ordinal, undefined);
    await createPod(parts, set, revisions, ordinal);
    return isOrdered ? "wait" : "next";
  }
  if (phaseOf(pod) === "Pending") await ensureClaims(parts, set, ordinal);
  if (isOrdered && (isTerminating(pod) || !isUp(parts, set, pod))) return "wait";
  await ownClaims(parts, set, ordinal, undefined);
  await keepIdentity(parts, pod);
  return "next";
}

function isUp({ context }: StatefulParts, set: StatefulSet, pod: Pod): boolean {
  return (
    phaseOf(pod) === "Running" && isReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, context.clock.now())
  );
}

async function keepIdentity({ context }: StatefulParts, pod: Pod): Promise<void> {
  const { name = "", namespace = "", labels } = pod.metadata;
  if (labels?.[podNameLabel] === name) return;
  const patch = { metadata: { labels: { [podNameLabel]: name } } };
  await context.api.patch(resources.pods, { namespace, name }, patch);
}

interface Condemned {
  readonly pod: Pod | undefined;
  readonly isOrdered: boolean;
}

async function bringDown(
  parts: StatefulParts,
  set: StatefulSet,
  ranks: Ranks,
  { pod, isOrdered }: Condemned,
): Promise<Step> {
  if (pod === undefined) return "next";
  if (isTerminating(pod)) return isOrdered ? "wait" : "next";
  if (isOrdered && !isUp(parts, set, pod) && pod !== firstUnavailable(parts, set, ranks)) return "wait";
  await deletePod(parts, set, pod);
  return "wait";
}

function firstUnavailable(parts: StatefulParts, set: StatefulSet, ranks: Ranks): Pod | undefined {
  const ordered = [...ranks.replicas, ...ranks.condemned.toReversed()];
  return ordered.find((pod) => pod !== undefined && (isTerminating(pod) || !isUp(parts, set, pod)));
}

/** Deletes pods of an older revision from the highest ordinal on, as many as may be missing. */
async function replaceOutdated(
  parts: StatefulParts,
  set: StatefulSet,
  replicas: readonly (Pod | undefined)[],
  { update }: Revisions,
): Promise<void> {
  const rolling = set.spec.updateStrategy?.rollingUpdate;
  const partition = rolling?.partition ?? 0;
  const most = Math.max(1, scaledValue(rolling?.maxUnavailable, replicas.length, "down") ?? 1);
  const isMissing = (pod: Pod | undefined) => pod === undefined || isTerminating(pod) || !isUp(parts, set, pod);
  let spare = most - replicas.filter(isMissing).length;
  for (let index = replicas.length - 1; index >= partition; index -= 1) {
    if (spare <= 0) return;
    const pod = replicas[index];
    if (pod === undefined || isTerminating(pod) || pod.metadata.labels?.[revisionLabel] === update.metadata.name)
      continue;
    await deletePod(parts, set, pod);
    spare -= 1;
  }
}

async function createPod(parts: StatefulParts, set: StatefulSet, revisions: Revisions, ordinal: number): Promise<void> {
  const revision = revisionFor(set, revisions, ordinal);
  const template = templateOf(revision, set.spec.template);
  const { metadata, spec } = statefulPod(set, template, revision.metadata.name ?? "", ordinal);
  const subject = `Create Pod ${metadata.name ?? ""} in StatefulSet ${set.metadata.name ?? ""}`;
  try {
    await parts.context.api.create<Pod>(resources.pods, { metadata: { ...metadata }, spec });
    parts.events.normal(set, "SuccessfulCreate", `${subject} successful`);
  } catch (error) {
    if (hasCode(error, "already-exists") || hasCode(error, "namespace-terminating")) return;
    parts.events.warning(set, "FailedCreate", `${subject} failed error: ${messageOf(error)}`);
    throw error;
  }
}

/** Below the partition pods are made as they were. */
function revisionFor(set: StatefulSet, { current, update }: Revisions, ordinal: number) {
  if (set.spec.updateStrategy?.type === "OnDelete") return update;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition;
  const kept = partition ?? set.status?.currentReplicas ?? 0;
  return ordinal < startOf(set) + kept ? current : update;
}

async function deletePod(parts: StatefulParts, set: StatefulSet, pod: Pod): Promise<void> {
  const subject = `Delete Pod ${pod.metadata.name ?? ""} in StatefulSet ${set.metadata.name ?? ""}`;
  try {
    await unless(["not-found"], parts.context.api.delete(resources.pods, pod));
    parts.events.normal(set, "SuccessfulDelete", `${subject} successful`);
  } catch (error) {
    parts.events.warning(set, "FailedDelete", `${subject} failed error: ${messageOf(error)}`);
    throw error;
  }
}

function startOf(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}
