import { equalJson } from "../../object/json-value.ts";
import type { KubeObject, OwnerReference } from "../../object/kube-object.ts";
import { messageOf, resources, unless } from "../../loop/index.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { StatefulSet } from "../../model/workload.ts";
import type { StatefulParts } from "./stateful-parts.ts";
import { claimsOf } from "./stateful-pod.ts";

/** Makes the claims of a pod that are not there. Answers false when an old one has to go first. */
export async function ensureClaims(parts: StatefulParts, set: StatefulSet, ordinal: number): Promise<boolean> {
  const podName = `${set.metadata.name ?? ""}-${ordinal}`;
  for (const wanted of claimsOf(set, ordinal)) {
    const name = wanted.metadata.name ?? "";
    const known = parts.claims.get(set.metadata.namespace, name);
    if (known !== undefined && isTerminating(known)) return false;
    if (known !== undefined) continue;
    const subject = `Create Claim ${name} Pod ${podName} in StatefulSet ${set.metadata.name ?? ""}`;
    try {
      const { metadata, spec } = wanted as KubeObject & { spec: unknown };
      const created = parts.context.api.create(resources.persistentVolumeClaims, { metadata: { ...metadata }, spec });
      if ((await unless(["already-exists"], created)) !== undefined) {
        parts.events.normal(set, "SuccessfulCreate", `${subject} success`);
      }
    } catch (error) {
      parts.events.warning(set, "FailedCreate", `${subject} failed error: ${messageOf(error)}`);
      throw error;
    }
  }
  return true;
}

/** Who takes the claims along when it goes: the set, a pod that is scaled away, or nobody. */
export async function ownClaims(
  parts: StatefulParts,
  set: StatefulSet,
  ordinal: number,
  condemned: Pod | undefined,
): Promise<void> {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy;
  for (const { metadata } of claimsOf(set, ordinal)) {
    const claim = parts.claims.get(metadata.namespace, metadata.name ?? "");
    if (claim === undefined) continue;
    const owners = (claim.metadata.ownerReferences ?? []).filter(
      (owner) => owner.kind !== "StatefulSet" && owner.kind !== "Pod",
    );
    if (policy?.whenScaled === "Delete" && condemned !== undefined) owners.push(ownerOf(condemned, "v1", "Pod"));
    else if (policy?.whenDeleted === "Delete") owners.push(ownerOf(set, "apps/v1", "StatefulSet"));
    if (equalJson(owners, claim.metadata.ownerReferences ?? [])) continue;
    const updated = { ...claim, metadata: { ...claim.metadata, ownerReferences: owners } };
    await parts.context.api.update(resources.persistentVolumeClaims, updated);
  }
}

function ownerOf(object: KubeObject, apiVersion: string, kind: string): OwnerReference {
  const { name = "", uid = "" } = object.metadata;
  return { apiVersion, kind, name, uid, controller: true };
}
