import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionStep } from "../admission.ts";
import type { PodObject, Toleration } from "../pod-shape.ts";
import { isAbout } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";

const secondsOnLostNode = 300;
const notReady = "node.kubernetes.io/not-ready";
const lostNodeTaints = [notReady, "node.kubernetes.io/unreachable"];

/** Pods stay for a while on a node that is not well, unless they say something else of it. */
export const defaultTolerationSeconds: AdmissionStep = (request) => {
  if (!isAbout(request, "pods") || !request.object || request.operation === "DELETE") return;
  const { spec } = request.object as PodObject;
  for (const key of lostNodeTaints) {
    if (spec.tolerations?.some((each) => isToleratedBy(each, key))) continue;
    const toleration = { key, operator: "Exists", effect: "NoExecute", tolerationSeconds: secondsOnLostNode };
    spec.tolerations = [...(spec.tolerations ?? []), toleration];
  }
};

function isToleratedBy({ key = "", effect = "" }: Toleration, wanted: string): boolean {
  return (key === wanted || key === "") && (effect === "NoExecute" || effect === "");
}

const topologyLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/** Where a pod runs, as its node says: by `binding`, and at once for pods that name their node. */
export function podTopologyLabels(objects: StoredObjects): AdmissionStep {
  return (request) => {
    if (!isAbout(request, "pods") || request.operation !== "CREATE" || !request.object) return;
    const pod = request.object as PodObject;
    if (!pod.spec.nodeName) return;
    const labels = topologyOf(objects, pod.spec.nodeName);
    if (Object.keys(labels).length > 0) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  };
}

export function topologyOf(objects: StoredObjects, nodeName: string | undefined): Readonly<Record<string, string>> {
  if (!nodeName) return {};
  const labels = objects.get("nodes", "", nodeName)?.metadata.labels ?? {};
  return Object.fromEntries(
    topologyLabels.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  );
}

interface Node extends KubeObject {
  spec?: { taints?: { readonly key: string; readonly effect: string }[] };
}

/** A new node gets no pods until it has said that it is ready. */
export const taintNodesByCondition: AdmissionStep = (request) => {
  if (!isAbout(request, "nodes") || request.operation !== "CREATE" || !request.object) return;
  const node = request.object as Node;
  const taints = node.spec?.taints ?? [];
  if (taints.some(({ key, effect }) => key === notReady && effect === "NoSchedule")) return;
  node.spec = { ...node.spec, taints: [...taints, { key: notReady, effect: "NoSchedule" }] };
};
