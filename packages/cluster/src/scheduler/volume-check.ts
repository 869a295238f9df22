import type { KubeObject } from "../object/kube-object.ts";
import { matchesNodeTerms } from "../model/placement.ts";
import type { NodeSelectorTerm } from "../model/placement.ts";
import type { Pod } from "../model/pod.ts";
import type { Informer } from "../loop/index.ts";
import type { Refusal } from "./filter.ts";
import type { NodeInfo } from "./node-info.ts";

export interface VolumeCaches {
  readonly claims: Informer;
  readonly volumes: Informer;
  readonly classes: Informer;
}

interface Claim extends KubeObject {
  spec?: { readonly volumeName?: string; readonly storageClassName?: string };
  status?: { readonly phase?: string };
}

interface PersistentVolume extends KubeObject {
  spec?: {
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } };
  };
}

export interface VolumeNeeds {
  /** Why the pod can't run anywhere yet. */
  readonly missing: string | undefined;
  readonly check: (info: NodeInfo) => Refusal | undefined;
  /** Claims whose volume is chosen where the pod will run. */
  readonly waiting: readonly KubeObject[];
}

export const selectedNodeAnnotation = "volume.kubernetes.io/selected-node";

/** The claims of a pod: whether they are there, and where their volumes can be used. */
export function volumeNeeds(pod: Pod, caches: VolumeCaches): VolumeNeeds {
  const volumes: PersistentVolume[] = [];
  const waiting: KubeObject[] = [];
  for (const name of claimNamesOf(pod)) {
    const claim = caches.claims.get(pod.metadata.namespace, name) as Claim | undefined;
    if (claim === undefined) return blocked(`persistentvolumeclaim "${name}" not found`);
    if (claim.metadata.deletionTimestamp !== undefined)
      return blocked(`persistentvolumeclaim "${name}" is being deleted`);
    const volumeName = claim.spec?.volumeName ?? "";
    if (volumeName !== "" && claim.status?.phase === "Bound") {
      const volume = caches.volumes.get("", volumeName) as PersistentVolume | undefined;
      if (volume !== undefined) volumes.push(volume);
    } else if (waitsForConsumer(claim, caches.classes)) {
      waiting.push(claim);
    } else {
      return blocked("pod has unbound immediate PersistentVolumeClaims");
    }
  }
  return { missing: undefined, waiting, check: (info) => checkAffinity(volumes, info) };
}

function blocked(missing: string): VolumeNeeds {
  return { missing, waiting: [], check: () => undefined };
}

export function claimNamesOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.ephemeral !== undefined) return [`${pod.metadata.name ?? ""}-${volume.name}`];
    return volume.persistentVolumeClaim?.claimName ?? [];
  });
}

function waitsForConsumer(claim: Claim, classes: Informer): boolean {
  const storageClass = classes.get("", claim.spec?.storageClassName ?? "");
  return storageClass?.["volumeBindingMode"] === "WaitForFirstConsumer";
}

function checkAffinity(volumes: readonly PersistentVolume[], { node }: NodeInfo): Refusal | undefined {
  const fits = volumes.every((volume) => {
    const required = volume.spec?.nodeAffinity?.required;
    return required === undefined || (node !== undefined && matchesNodeTerms(required.nodeSelectorTerms, node));
  });
  return fits ? undefined : { reasons: ["node(s) didn't match PersistentVolume's node affinity"], isResolvable: false };
}
