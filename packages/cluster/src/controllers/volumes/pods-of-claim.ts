import { keyOf } from "../../loop/index.ts";
import type { Informer } from "../../loop/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { Pod, Volume } from "../../model/pod.ts";

const index = "claim";

export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.ephemeral !== undefined) return `${pod.metadata.name ?? ""}-${volume.name}`;
  return volume.persistentVolumeClaim?.claimName;
}

/** `namespace/name` of the claims that a pod uses. */
export function claimKeysOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [`${pod.metadata.namespace ?? ""}/${name}`];
  });
}

export function indexByClaim(pods: Informer<Pod>): Informer<Pod> {
  pods.addIndex(index, claimKeysOf);
  return pods;
}

export function podsOfClaim(pods: Informer<Pod>, claim: KubeObject): Pod[] {
  return pods.find(index, keyOf(claim));
}
