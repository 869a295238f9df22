import { equalJson } from "../../object/json-value.ts";
import { isTolerated, matchesNodeDemands } from "../../model/placement.ts";
import type { Affinity, NodeSelectorTerm, Toleration } from "../../model/placement.ts";
import { taintsOf } from "../../model/node.ts";
import type { Node } from "../../model/node.ts";
import type { Pod, PodSpec, PodTemplate } from "../../model/pod.ts";
import type { DaemonSet } from "../../model/workload.ts";
import { podFromTemplate } from "../pods/pod-control.ts";
import type { NewPod } from "../pods/pod-control.ts";

export const revisionLabel = "controller-revision-hash";
const generationLabel = "pod-template-generation";
const generationAnnotation = "deprecated.daemonset.template.generation";

/** A daemon stays where others have to leave. */
const ownTolerations: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const networkToleration: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

export function generationOf(set: DaemonSet): string | undefined {
  return set.metadata.annotations?.[generationAnnotation];
}

/** The pod of a set for one node: only the scheduler may put it there, and nowhere else. */
export function daemonPod(set: DaemonSet, hash: string, nodeName: string): NewPod {
  const generation = generationOf(set);
  const labels = {
    ...set.spec.template.metadata?.labels,
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    [revisionLabel]: hash,
  };
  const spec = withTolerations(set.spec.template.spec);
  const affinity = pinTo(spec.affinity, nodeName);
  const template: PodTemplate = {
    metadata: { ...set.spec.template.metadata, labels },
    spec: { ...spec, affinity },
  };
  return podFromTemplate(template, set);
}

function withTolerations(spec: PodSpec): PodSpec {
  const tolerations = [...(spec.tolerations ?? [])];
  for (const added of spec.hostNetwork === true ? [...ownTolerations, networkToleration] : ownTolerations) {
    if (!tolerations.some((known) => equalJson(known, added))) tolerations.push(added);
  }
  return { ...spec, tolerations };
}

function pinTo(affinity: Affinity | undefined, nodeName: string): Affinity {
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [nodeName] }];
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  // Every alternative gets the node's name; what was said of fields before doesn't matter any more.
  const nodeSelectorTerms: NodeSelectorTerm[] =
    terms.length === 0 ? [{ matchFields }] : terms.map((term) => ({ ...term, matchFields }));
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  };
}

/** The node that a pod of a set is for. */
export function nodeNameOf(pod: Pod): string {
  const nodeName = pod.spec.nodeName ?? "";
  if (nodeName !== "") return nodeName;
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const term of terms) {
    const field = term.matchFields?.find(({ key, operator }) => key === "metadata.name" && operator === "In");
    if (field?.values?.[0] !== undefined) return field.values[0];
  }
  return "";
}

/** Whether a node should have a pod of the set, and whether it may keep one that it has. */
export function belongsOn(set: DaemonSet, node: Node): { shouldRun: boolean; mayStay: boolean } {
  const { spec } = set.spec.template;
  const wanted = spec.nodeName ?? "";
  if ((wanted !== "" && wanted !== node.metadata.name) || !matchesNodeDemands(spec, node)) {
    return { shouldRun: false, mayStay: false };
  }
  const { tolerations } = withTolerations(spec);
  const untolerated = taintsOf(node).filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !isTolerated(tolerations, taint),
  );
  return {
    shouldRun: untolerated.length === 0,
    mayStay: untolerated.every((taint) => taint.effect !== "NoExecute"),
  };
}
