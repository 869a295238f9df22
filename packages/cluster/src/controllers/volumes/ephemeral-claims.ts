import { done, keyOf, messageOf, resources, splitKey, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { controllerReference, isControlledBy } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod, Volume } from "../../model/pod.ts";
import type { VolumeClaim } from "./claim-object.ts";
import { claimNameOf } from "./pods-of-claim.ts";

interface Parts {
  readonly context: ControllerContext;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<VolumeClaim>;
  readonly events: EventRecorder;
}

/** Makes the claims of volumes that live as long as their pod. */
export function ephemeralClaimsController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    pods: context.informers.of<Pod>(resources.pods),
    claims: context.informers.of<VolumeClaim>(resources.persistentVolumeClaims),
    events: context.eventsOf("ephemeral_volume"),
  };
  const hasOne = (pod: Pod) => (pod.spec.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined);
  return {
    name: "ephemeral-volume-controller",
    watches: [
      watching(parts.pods, (pod) => (hasOne(pod) ? [keyOf(pod)] : [])),
      watching(parts.claims, (claim) => {
        const owner = claim.metadata.ownerReferences?.find(
          ({ kind, controller }) => kind === "Pod" && controller === true,
        );
        return owner === undefined ? [] : [`${claim.metadata.namespace ?? ""}/${owner.name}`];
      }),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const pod = parts.pods.get(namespace, name);
  if (pod === undefined || isTerminating(pod)) return done;
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.ephemeral === undefined) continue;
    try {
      await ensureClaim(parts, pod, volume);
    } catch (error) {
      parts.events.warning(pod, "FailedBinding", `ephemeral volume ${volume.name}: ${messageOf(error)}`);
      return { kind: "failed", error };
    }
  }
  return done;
}

async function ensureClaim({ context, claims }: Parts, pod: Pod, volume: Volume): Promise<void> {
  const { namespace = "" } = pod.metadata;
  const name = claimNameOf(pod, volume) ?? "";
  const known = claims.get(namespace, name);
  if (known !== undefined) {
    if (isControlledBy(known, pod)) return;
    throw new Error(`PVC ${namespace}/${name} was not created for pod ${keyOf(pod)} (pod is not owner)`);
  }
  const { metadata = {}, spec } = volume.ephemeral?.volumeClaimTemplate ?? { spec: {} };
  await context.api.create(resources.persistentVolumeClaims, {
    metadata: {
      name,
      namespace,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [controllerReference(pod)],
    },
    spec,
  });
}
