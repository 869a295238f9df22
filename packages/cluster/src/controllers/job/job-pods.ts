import { fromTimestamp, hasCode, resources, unless } from "../../loop/index.ts";
import type { ControllerContext, EventRecorder, Informer } from "../../loop/index.ts";
import { isFinished, isTerminating } from "../../model/pod.ts";
import type { Container, Pod, PodTemplate } from "../../model/pod.ts";
import { leastNeeded } from "../pods/deletion-order.ts";
import { podFromTemplate } from "../pods/pod-control.ts";
import type { NewPod, PodControl } from "../pods/pod-control.ts";
import { slowStart, together } from "../pods/slow-start.ts";
import {
  failureCountAnnotation,
  failureCountOf,
  hasFailed,
  indexAnnotation,
  indexOf,
  isIndexed,
  isTracked,
  replacesFailedOnly,
  trackingFinalizer,
} from "./job-object.ts";
import type { Job } from "./job-object.ts";
import type { JobView } from "./job-view.ts";
import { countsAsFailure } from "./pod-failure-policy.ts";

const podsAtOnceMax = 500;
const backOffMsMin = 10_000;
const backOffMsMax = 600_000;

export interface JobParts {
  readonly context: ControllerContext;
  readonly jobs: Informer<Job>;
  readonly pods: Informer<Pod>;
  readonly podControl: PodControl;
  readonly events: EventRecorder;
}

export interface Managed {
  readonly active: number;
  /** Failed pods are replaced later. */
  readonly waitMs?: number;
}

/** Makes as many pods as the job wants to run at once, or deletes those that are too many. */
export async function managePods(parts: JobParts, view: JobView): Promise<Managed> {
  const { job, active } = view;
  const now = parts.context.clock.now();
  if (job.spec.suspend === true) {
    await removePods(parts, job, active);
    return { active: 0 };
  }
  const wanted = wantedActive(view);
  const surplus = active.length - wanted;
  if (surplus > 0) {
    await removePods(parts, job, surplusPods(view, surplus, now));
    return { active: wanted };
  }
  const leaving = replacesFailedOnly(job) ? view.terminating : 0;
  const missing = Math.min(wanted - active.length - leaving, podsAtOnceMax);
  if (missing <= 0) return { active: active.length };
  if (isIndexed(job)) return addIndexes(parts, view, { missing, now });
  const waitMs = backOff(view, view.pods, now);
  if (waitMs > 0) return { active: active.length, waitMs };
  await slowStart(missing, () => createPod(parts, job, newPod(job)));
  return { active: active.length + missing };
}

function wantedActive({ job, active, succeeded, failedIndexes }: JobView): number {
  const { parallelism = 1, completions } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded - (failedIndexes?.size ?? 0)));
}

function surplusPods({ job, active }: JobView, count: number, now: number): Pod[] {
  if (!isIndexed(job)) return leastNeeded(active, [], count, now);
  const seen = new Set<number>();
  const [doubled, single]: [Pod[], Pod[]] = [[], []];
  for (const pod of active) {
    const index = indexOf(pod);
    const isExtra = index === undefined || index >= (job.spec.completions ?? 0) || seen.has(index);
    (isExtra ? doubled : single).push(pod);
    if (index !== undefined) seen.add(index);
  }
  single.sort((left, right) => (indexOf(right) ?? 0) - (indexOf(left) ?? 0));
  return [...doubled, ...single].slice(0, count);
}

async function addIndexes(
  parts: JobParts,
  view: JobView,
  { missing, now }: { missing: number; now: number },
): Promise<Managed> {
  const { job, pods, active, succeededIndexes, failedIndexes } = view;
  const held = replacesFailedOnly(job) ? pods.filter((pod) => !isFinished(pod)) : active;
  const taken = new Set(held.map(indexOf));
  const chosen: number[] = [];
  let waitMs: number | undefined;
  const hasOwnLimit = failedIndexes !== undefined;
  const commonWait = hasOwnLimit ? 0 : backOff(view, pods, now);
  if (commonWait > 0) return { active: active.length, waitMs: commonWait };
  for (let index = 0; index < (job.spec.completions ?? 0) && chosen.length < missing; index += 1) {
    if (taken.has(index) || succeededIndexes.has(index) || (failedIndexes?.has(index) ?? false)) continue;
    const own = hasOwnLimit ? pods.filter((pod) => indexOf(pod) === index) : [];
    const wait = hasOwnLimit ? backOff(view, own, now) : 0;
    if (wait > 0) waitMs = Math.min(waitMs ?? wait, wait);
    else chosen.push(index);
  }
  await slowStart(chosen.length, (position) => {
    const index = chosen[position] ?? 0;
    return createPod(parts, job, indexedPod(view, index));
  });
  return { active: active.length + chosen.length, ...(waitMs === undefined ? {} : { waitMs }) };
}

/** Milliseconds until the next pod may be tried: twice as long after each failure since the last success. */
function backOff({ job }: JobView, pods: readonly Pod[], now: number): number {
  const lastSuccess = Math.max(0, ...pods.filter((pod) => pod.status?.phase === "Succeeded").map(finishedAt));
  const failures = pods
    .filter((pod) => hasFailed(job, pod))
    .map(finishedAt)
    .filter((at) => at > lastSuccess);
  if (failures.length === 0) return 0;
  const wait = Math.min(backOffMsMax, backOffMsMin * 2 ** (failures.length - 1));
  return Math.max(0, Math.max(...failures) + wait - now);
}

function finishedAt(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map((status) =>
    fromTimestamp(status.state?.terminated?.finishedAt),
  );
  const last = Math.max(0, ...ends);
  if (last > 0) return last;
  const ready = pod.status?.conditions?.find(
    (condition) => condition.type === "Ready" && condition.reason === "PodFailed",
  );
  return fromTimestamp(ready?.lastTransitionTime ?? pod.metadata.deletionTimestamp ?? pod.metadata.creationTimestamp);
}

function newPod(job: Job, template: PodTemplate = job.spec.template, prefix?: string): NewPod {
  const pod = podFromTemplate(template, job, prefix);
  return { ...pod, metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] } };
}

function indexedPod({ job, pods, failedIndexes }: JobView, index: number): NewPod {
  const { metadata, spec } = job.spec.template;
  const name = `${job.metadata.name ?? ""}-${index}`;
  const failures = pods.filter((pod) => indexOf(pod) === index && hasFailed(job, pod));
  const counts = failures.map((pod) => failureCountOf(pod) + (countsAsFailure(job.spec.podFailurePolicy, pod) ? 1 : 0));
  const withIndex = (container: Container): Container => ({ ...container, env: environment(container) });
  const template: PodTemplate = {
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, [indexAnnotation]: String(index) },
      annotations: {
        ...metadata?.annotations,
        [indexAnnotation]: String(index),
        ...(failedIndexes === undefined ? {} : { [failureCountAnnotation]: String(Math.max(0, ...counts)) }),
      },
    },
    spec: {
      ...spec,
      hostname: name,
      containers: spec.containers.map(withIndex),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndex) }),
    },
  };
  return newPod(job, template, name);
}

function environment(container: Container): unknown[] {
  const variables = (container["env"] ?? []) as { readonly name: string }[];
  if (variables.some(({ name }) => name === "JOB_COMPLETION_INDEX")) return variables;
  const fieldPath = `metadata.labels['${indexAnnotation}']`;
  return [...variables, { name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef: { fieldPath } } }];
}

async function createPod({ podControl }: JobParts, job: Job, pod: NewPod): Promise<void> {
  try {
    await podControl.create(job, pod);
  } catch (error) {
    if (!hasCode(error, "namespace-terminating")) throw error;
  }
}

/** Deletes pods for good: they are not to be counted. */
async function removePods(parts: JobParts, job: Job, pods: readonly Pod[]): Promise<void> {
  await together(pods, async (pod) => {
    await untrack(parts, pod);
    await parts.podControl.delete(job, pod);
  });
}

/** Deletes pods of a job that has ended; they are still counted. */
export async function endPods(parts: JobParts, job: Job, pods: readonly Pod[]): Promise<void> {
  await together(
    pods.filter((pod) => !isTerminating(pod)),
    (pod) => parts.podControl.delete(job, pod),
  );
}

/** Lets a pod go, now that it is counted. */
export async function untrack({ context }: JobParts, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return;
  const { namespace = "", name = "", uid } = pod.metadata;
  const patch = { metadata: { uid, "$deleteFromPrimitiveList/finalizers": [trackingFinalizer] } };
  const target = { namespace, name, type: "strategic" } as const;
  const patched = await unless(["not-found"], context.api.patch<Pod>(resources.pods, target, patch));
  const isGone =
    patched === undefined ||
    (isTerminating(patched) &&
      (patched.metadata.finalizers ?? []).length === 0 &&
      (patched.metadata.deletionGracePeriodSeconds ?? 0) === 0);
  if (isGone) context.informers.deleted(resources.pods, pod);
}
