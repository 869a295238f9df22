import { done, keyOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Resource } from "../../loop/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { controllerOf } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { PersistentVolume, VolumeClaim } from "./claim-object.ts";
import { claimKeysOf, claimNameOf, indexByClaim, podsOfClaim } from "./pods-of-claim.ts";

/** A claim goes when no pod uses it any more. */
export function claimProtectionController(context: ControllerContext): Controller {
  const claims = context.informers.of<VolumeClaim>(resources.persistentVolumeClaims);
  const pods = indexByClaim(context.informers.of<Pod>(resources.pods));
  const isUsed = (claim: VolumeClaim) => podsOfClaim(pods, claim).some((pod) => uses(pod, claim));
  return {
    name: "persistentvolumeclaim-protection-controller",
    watches: [watching(claims, (claim) => [keyOf(claim)]), watching(pods, claimKeysOf)],
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(namespace, name);
      if (claim === undefined) return done;
      const rule = { resource: resources.persistentVolumeClaims, finalizer: "kubernetes.io/pvc-protection" };
      await protect(context, claim, rule, () => isUsed(claim));
      return done;
    },
  };
}

/** A volume goes when no claim is bound to it any more. */
export function volumeProtectionController(context: ControllerContext): Controller {
  const volumes = context.informers.of<PersistentVolume>(resources.persistentVolumes);
  return {
    name: "persistentvolume-protection-controller",
    watches: [watching(volumes, (volume) => [keyOf(volume)])],
    reconcile: async (name) => {
      const volume = volumes.get("", name);
      if (volume === undefined) return done;
      const rule = { resource: resources.persistentVolumes, finalizer: "kubernetes.io/pv-protection" };
      await protect(context, volume, rule, () => volume.status?.phase === "Bound");
      return done;
    },
  };
}

/** A class of attributes goes when no claim asks for it or has it, and no volume has it. */
export function attributesClassProtectionController(context: ControllerContext): Controller {
  const classes = context.informers.of(resources.volumeAttributesClasses);
  const claims = context.informers.of<VolumeClaim>(resources.persistentVolumeClaims);
  const volumes = context.informers.of<PersistentVolume>(resources.persistentVolumes);
  return {
    name: "volumeattributesclass-protection-controller",
    watches: [
      watching(classes, ({ metadata }) => [metadata.name ?? ""]),
      watching(claims, attributesClassesOf),
      watching(volumes, ({ spec }) => present([spec.volumeAttributesClassName])),
    ],
    reconcile: async (name) => {
      const found = classes.get("", name);
      if (found === undefined) return done;
      const rule = { resource: resources.volumeAttributesClasses, finalizer: "kubernetes.io/vac-protection" };
      await protect(context, found, rule, () => {
        const isAsked = claims.list().some((claim) => attributesClassesOf(claim).includes(name));
        return isAsked || volumes.list().some(({ spec }) => spec.volumeAttributesClassName === name);
      });
      return done;
    },
  };
}

function attributesClassesOf({ spec, status }: VolumeClaim): string[] {
  return present([
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ]);
}

function present(names: readonly (string | undefined)[]): string[] {
  return names.flatMap((name) => (name === undefined || name === "" ? [] : [name]));
}

/** The kubelet begins no pod whose claim is on its way out; only those with a node count. */
function uses(pod: Pod, claim: VolumeClaim): boolean {
  if ((pod.spec.nodeName ?? "") === "") return false;
  return (pod.spec.volumes ?? []).some((volume) => {
    if (claimNameOf(pod, volume) !== claim.metadata.name) return false;
    if (volume.ephemeral === undefined) return true;
    const isShutDown = isTerminating(pod) && pod.metadata.deletionGracePeriodSeconds === 0;
    return !isShutDown && controllerOf(claim)?.uid === pod.metadata.uid;
  });
}

interface Rule {
  readonly resource: Resource;
  readonly finalizer: string;
}

async function protect(
  { api }: ControllerContext,
  object: KubeObject,
  { resource, finalizer }: Rule,
  isUsed: () => boolean,
): Promise<void> {
  const finalizers = object.metadata.finalizers ?? [];
  const has = finalizers.includes(finalizer);
  if (isTerminating(object) ? !has || isUsed() : has) return;
  const next = has ? finalizers.filter((name) => name !== finalizer) : [...finalizers, finalizer];
  const updated = { ...object, metadata: { ...object.metadata, finalizers: next } };
  await unless(["not-found"], api.update(resource, updated));
}
