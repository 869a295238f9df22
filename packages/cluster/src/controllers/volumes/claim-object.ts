import type { KubeObject } from "../../object/kube-object.ts";
import type { NodeSelectorTerm } from "../../model/placement.ts";
import type { LabelSelector } from "../../model/selector.ts";

export interface VolumeClaim extends KubeObject {
  spec: {
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly selector?: LabelSelector;
    readonly [field: string]: unknown;
  };
  status?: {
    readonly phase?: "Pending" | "Bound" | "Lost";
    readonly accessModes?: readonly string[];
    readonly capacity?: Readonly<Record<string, string>>;
    readonly currentVolumeAttributesClassName?: string;
    readonly modifyVolumeStatus?: { readonly targetVolumeAttributesClassName?: string };
    readonly [field: string]: unknown;
  };
}

export interface ClaimReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface PersistentVolume extends KubeObject {
  spec: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly claimRef?: ClaimReference;
    readonly persistentVolumeReclaimPolicy?: "Retain" | "Delete" | "Recycle";
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } };
    readonly hostPath?: { readonly path: string };
    readonly [field: string]: unknown;
  };
  status?: { readonly phase?: VolumePhase; readonly message?: string; readonly [field: string]: unknown };
}

export type VolumePhase = "Pending" | "Available" | "Bound" | "Released" | "Failed";

export interface StorageClass extends KubeObject {
  provisioner: string;
  reclaimPolicy?: "Retain" | "Delete";
  volumeBindingMode?: "Immediate" | "WaitForFirstConsumer";
}

export const bindCompleted = "pv.kubernetes.io/bind-completed";
export const boundByController = "pv.kubernetes.io/bound-by-controller";
export const provisionedBy = "pv.kubernetes.io/provisioned-by";
export const selectedNode = "volume.kubernetes.io/selected-node";
const betaClass = "volume.beta.kubernetes.io/storage-class";

export function classOf({ metadata, spec }: VolumeClaim | PersistentVolume): string {
  return metadata.annotations?.[betaClass] ?? spec.storageClassName ?? "";
}

/** Nobody has said a class, not even that there is to be none. */
export function hasNoClass({ metadata, spec }: VolumeClaim): boolean {
  return metadata.annotations?.[betaClass] === undefined && spec.storageClassName === undefined;
}

/** Whether a volume is meant for this very claim, by somebody or by us. */
export function isReservedFor({ spec }: PersistentVolume, claim: VolumeClaim): boolean {
  const reference = spec.claimRef;
  if (reference?.name !== claim.metadata.name || reference?.namespace !== claim.metadata.namespace) return false;
  return (reference?.uid ?? "") === "" || reference?.uid === claim.metadata.uid;
}
