import type { Pod } from "../../schema/data/types/core-v1.ts";
import { podCells } from "../cells/pod-cells.ts";
import { defineKind } from "../define-kind.ts";
import { setPodDefaults, setPodSpecDefaults } from "../pod-spec/defaults.ts";
import { validateNewPod } from "../pod-spec/validate.ts";
import { appArmorWarnings } from "../pod-spec/app-armor.ts";
import { preparePod } from "../pod-spec/prepare.ts";
import { validatePodStatus } from "../pod-spec/validate-status.ts";
import { validatePodUpdate } from "../pod-spec/validate-update.ts";
import { nameWarnings, OF_THE_POD, podWarnings } from "../warnings/pod-warnings.ts";

export const pod = defineKind<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  hasStatus: true,
  subresources: [
    { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
    { name: "binding", kind: "Binding", verbs: ["create"] },
    { name: "ephemeralcontainers", kind: "Pod", verbs: ["get", "patch", "update"] },
    { name: "eviction", group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] },
    { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
    { name: "log", kind: "Pod", verbs: ["get"] },
    { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
    { name: "proxy", kind: "PodProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
    { name: "resize", kind: "Pod", verbs: ["get", "patch", "update"] },
  ],
  generationOf: ["spec"],
  // A pod that no kubelet has, or that has ended, holds no process that could need time.
  defaultGraceSeconds: ({ spec, status }) =>
    !spec.nodeName || status.phase === "Succeeded" || status.phase === "Failed"
      ? undefined
      : (spec.terminationGracePeriodSeconds ?? 30),
  setDefaults: ({ spec }) => {
    setPodDefaults(spec);
    setPodSpecDefaults(spec);
    // In a template a negative time stays what it is.
    if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  },
  prepareForCreate: preparePod,
  prepareForStatusUpdate: (next, current) => {
    if (!next.status.qosClass && current.status.qosClass) next.status.qosClass = current.status.qosClass;
    if (current.metadata.ownerReferences) next.metadata.ownerReferences = current.metadata.ownerReferences;
    else delete next.metadata.ownerReferences;
    keepObserved(next, current);
  },
  selectableFields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status.phase ?? "",
    "status.podIP": ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP ?? "",
    "status.podIPs": ({ status }) => (status.podIPs ?? []).map(({ ip }) => ip).join(","),
    "status.nominatedNodeName": ({ status }) => status.nominatedNodeName ?? "",
  },
  warnings: (pod, current) =>
    current ? [] : [...appArmorWarnings(pod), ...nameWarnings(pod.metadata.name, OF_THE_POD), ...podWarnings(pod)],
  cells: podCells,
  validate: validateNewPod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatus,
});

/** Kubelets of earlier versions know nothing of generations, and must not clear those that others wrote. */
function keepObserved(next: Pod, current: Pod): void {
  const before = current.status.observedGeneration;
  if (!next.status.observedGeneration && before !== undefined) next.status.observedGeneration = before;
  const known = new Map((current.status.conditions ?? []).map((each) => [each.type, each.observedGeneration]));
  for (const condition of next.status.conditions ?? []) {
    const observed = known.get(condition.type);
    if (!condition.observedGeneration && observed !== undefined) condition.observedGeneration = observed;
  }
}
