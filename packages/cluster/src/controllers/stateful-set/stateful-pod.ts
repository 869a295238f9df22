import type { KubeObject } from "../../object/kube-object.ts";
import { controllerReference } from "../../model/owner.ts";
import type { Pod, PodTemplate, Volume } from "../../model/pod.ts";
import type { ClaimTemplate, StatefulSet } from "../../model/workload.ts";
import type { NewPod } from "../pods/pod-control.ts";

export const revisionLabel = "controller-revision-hash";
export const podNameLabel = "statefulset.kubernetes.io/pod-name";
const podIndexLabel = "apps.kubernetes.io/pod-index";

/** The number at the end of a pod's name, when the name is one of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata.name ?? ""}-`;
  const name = pod.metadata.name ?? "";
  const digits = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d+$/u.test(digits) ? Number(digits) : undefined;
}

export function podNameOf(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name ?? ""}-${ordinal}`;
}

/** A pod of the set, as a template and its ordinal make it. */
export function statefulPod(set: StatefulSet, template: PodTemplate, revision: string, ordinal: number): NewPod {
  const name = podNameOf(set, ordinal);
  const { annotations, labels, finalizers } = template.metadata ?? {};
  return {
    metadata: {
      name,
      generateName: `${set.metadata.name ?? ""}-`,
      ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
      labels: {
        ...labels,
        [revisionLabel]: revision,
        [podNameLabel]: name,
        [podIndexLabel]: String(ordinal),
      },
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
      volumes: volumesOf(set, template, ordinal),
    },
  };
}

/** A claim of the set stands in for a volume of the same name. */
function volumesOf(set: StatefulSet, template: PodTemplate, ordinal: number): Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map((claim) => ({
    name: claim.metadata.name ?? "",
    persistentVolumeClaim: { claimName: claimName(set, claim, ordinal) },
  }));
  const names = new Set(claims.map(({ name }) => name));
  return [...claims, ...(template.spec.volumes ?? []).filter((volume) => !names.has(volume.name))];
}

export function claimName(set: StatefulSet, claim: ClaimTemplate, ordinal: number): string {
  return `${claim.metadata.name ?? ""}-${set.metadata.name ?? ""}-${ordinal}`;
}

/** The claims that a pod of the set needs. */
export function claimsOf(set: StatefulSet, ordinal: number): KubeObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map((claim) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimName(set, claim, ordinal),
      ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
      labels: { ...claim.metadata.labels, ...set.spec.selector.matchLabels },
      ...(claim.metadata.annotations === undefined ? {} : { annotations: claim.metadata.annotations }),
    },
    spec: claim.spec,
  }));
}
