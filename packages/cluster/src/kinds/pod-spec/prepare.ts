import type { Pod, PodAffinityTerm, WeightedPodAffinityTerm } from "../../schema/data/types/core-v1.ts";
import type { LabelSelector } from "../../schema/data/types/meta-v1.ts";
import { takeAppArmorAnnotations } from "./app-armor.ts";
import { qosClassOf } from "./qos-class.ts";

export function preparePod(pod: Pod): void {
  takeAppArmorAnnotations(pod);
  pod.status = { phase: "Pending", qosClass: qosClassOf(pod.spec) };
  if ((pod.spec.schedulingGates ?? []).length > 0) {
    pod.status.conditions = [
      {
        type: "PodScheduled",
        status: "False",
        lastProbeTime: null,
        lastTransitionTime: pod.metadata.creationTimestamp ?? null,
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      },
    ];
  }
  if (pod.spec.affinity || pod.spec.topologySpreadConstraints) selectByOwnLabels(pod);
}

/** What affinities and constraints say of labels by their keys alone. */
function selectByOwnLabels({ metadata: { labels = {} }, spec }: Pod): void {
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    const preferred: readonly WeightedPodAffinityTerm[] =
      affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const demanded: readonly PodAffinityTerm[] = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const term of [...preferred.map(({ podAffinityTerm }) => podAffinityTerm), ...demanded]) {
      addKeys(term.labelSelector, term.matchLabelKeys, "In", labels);
      addKeys(term.labelSelector, term.mismatchLabelKeys, "NotIn", labels);
    }
  }
  for (const { labelSelector, matchLabelKeys } of spec.topologySpreadConstraints ?? [])
    addKeys(labelSelector, matchLabelKeys, "In", labels);
}

/** Selects by the pod's own labels of these keys. */
function addKeys(
  selector: LabelSelector | undefined,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
  labels: Readonly<Record<string, string>>,
): void {
  if (!selector) return;
  for (const key of keys ?? []) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (value !== undefined) (selector.matchExpressions ??= []).push({ key, operator, values: [value] });
  }
}
