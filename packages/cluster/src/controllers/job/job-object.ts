import type { KubeObject } from "../../object/kube-object.ts";
import { findCondition, isConditionTrue } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod, PodTemplate } from "../../model/pod.ts";
import type { LabelSelector } from "../../model/selector.ts";
import type { FailurePolicy } from "./pod-failure-policy.ts";

export const trackingFinalizer = "batch.kubernetes.io/job-tracking";
export const indexAnnotation = "batch.kubernetes.io/job-completion-index";
export const failureCountAnnotation = "batch.kubernetes.io/job-index-failure-count";

export interface Job extends KubeObject {
  spec: JobSpec;
  status?: JobStatus;
}

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: "NonIndexed" | "Indexed";
  readonly activeDeadlineSeconds?: number;
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly podFailurePolicy?: FailurePolicy;
  readonly podReplacementPolicy?: "TerminatingOrFailed" | "Failed";
  readonly successPolicy?: SuccessPolicy;
  readonly selector?: LabelSelector;
  readonly suspend?: boolean;
  readonly template: PodTemplate;
  readonly ttlSecondsAfterFinished?: number;
  readonly managedBy?: string;
}

export interface SuccessPolicy {
  readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
}

export interface JobStatus {
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly startTime?: string | null;
  readonly completionTime?: string | null;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
  readonly conditions?: readonly Condition[];
  readonly uncountedTerminatedPods?: { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] };
}

export function isFinishedJob(job: Job): boolean {
  return isConditionTrue(job.status?.conditions, "Complete") || isConditionTrue(job.status?.conditions, "Failed");
}

export function finishCondition(job: Job): Condition | undefined {
  const conditions = job.status?.conditions;
  const complete = findCondition(conditions, "Complete");
  return complete?.status === "True" ? complete : findCondition(conditions, "Failed");
}

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === "Indexed";
}

/** Whether a pod that is on its way out still holds its place until it has failed. */
export function replacesFailedOnly(job: Job): boolean {
  return job.spec.podReplacementPolicy === "Failed" || job.spec.podFailurePolicy !== undefined;
}

export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === "Failed") return true;
  return !replacesFailedOnly(job) && isTerminating(pod) && pod.status?.phase !== "Succeeded";
}

export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) ?? false;
}

export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[indexAnnotation] ?? "";
  return /^\d+$/u.test(text) ? Number(text) : undefined;
}

export function failureCountOf(pod: Pod): number {
  return Number(pod.metadata.annotations?.[failureCountAnnotation] ?? 0) || 0;
}

export function isManagedElsewhere(job: Job): boolean {
  return job.spec.managedBy !== undefined && job.spec.managedBy !== "kubernetes.io/job-controller";
}
