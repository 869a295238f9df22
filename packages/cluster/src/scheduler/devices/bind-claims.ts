import { hasCode } from "../../loop/index.ts";
import type { Api } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import type { AllocationResult } from "../../schema/data/types/resource-v1.ts";
import { claimFinalizer, deviceResources, isReservedFor } from "../../model/device-objects.ts";
import type { ResourceClaim } from "../../model/device-objects.ts";

const attemptsMax = 5;

/** Writes down which devices the pod's claims get, and that it uses them. */
export async function bindClaims(
  api: Api,
  pod: Pod,
  claims: readonly ResourceClaim[],
  allocations: ReadonlyMap<ResourceClaim, AllocationResult>,
): Promise<void> {
  for (const claim of claims) await bindClaim(api, pod, { claim, allocation: allocations.get(claim), attempts: 0 });
}

interface Binding {
  readonly claim: ResourceClaim;
  readonly allocation: AllocationResult | undefined;
  readonly attempts: number;
}

async function bindClaim(api: Api, pod: Pod, { claim, allocation, attempts }: Binding): Promise<void> {
  const { namespace = "", name = "" } = claim.metadata;
  if (isReservedFor(claim, pod)) return;
  if (claim.metadata.deletionTimestamp !== undefined)
    throw new Error(`claim ${namespace}/${name} got deleted in the meantime`);
  if (allocation !== undefined && claim.status?.allocation !== undefined)
    throw new Error(`claim ${namespace}/${name} got allocated elsewhere in the meantime`);
  try {
    const kept = allocation === undefined ? claim : await keep(api, claim);
    const user = { resource: "pods", name: pod.metadata.name ?? "", uid: pod.metadata.uid ?? "" };
    const status = {
      ...kept.status,
      ...(allocation === undefined ? {} : { allocation }),
      reservedFor: [...(kept.status?.reservedFor ?? []), user],
    };
    await api.update<ResourceClaim>(deviceResources.claims, { ...kept, status }, "status");
  } catch (error) {
    if (!hasCode(error, "conflict") || attempts >= attemptsMax) throw error;
    const fresh = await api.get<ResourceClaim>(deviceResources.claims, namespace, name);
    if (fresh === undefined) throw error;
    await bindClaim(api, pod, { claim: fresh, allocation, attempts: attempts + 1 });
  }
}

/** The claim doesn't go before its devices are given back. */
async function keep(api: Api, claim: ResourceClaim): Promise<ResourceClaim> {
  const { finalizers = [] } = claim.metadata;
  if (finalizers.includes(claimFinalizer)) return claim;
  const metadata = { ...claim.metadata, finalizers: [...finalizers, claimFinalizer] };
  return api.update<ResourceClaim>(deviceResources.claims, { ...claim, metadata });
}

/** Gives devices back that the pod can't reach. */
export async function freeClaim(api: Api, claim: ResourceClaim): Promise<void> {
  await api.update<ResourceClaim>(deviceResources.claims, { ...claim, status: {} }, "status");
}
