import type { Informer } from "../../loop/index.ts";
import { matchesNodeTerms } from "../../model/placement.ts";
import type { NodeSelectorTerm } from "../../model/placement.ts";
import type { Pod } from "../../model/pod.ts";
import type { AllocationResult } from "../../schema/data/types/resource-v1.ts";
import type { Refusal } from "../filter.ts";
import type { NodeInfo } from "../node-info.ts";
import { allocationResult } from "./allocation-result.ts";
import { claimNameOf, isReservedFor, podClaimsOf, strangerText } from "../../model/device-objects.ts";
import type { DeviceClass, ResourceClaim, ResourceSlice } from "../../model/device-objects.ts";
import { DeviceSearchError, findDevices } from "./find-devices.ts";

export interface DeviceCaches {
  readonly claims: Informer<ResourceClaim>;
  readonly classes: Informer<DeviceClass>;
  readonly slices: Informer<ResourceSlice>;
  /** What was decided and isn't written yet, by the uid of the claim. */
  readonly pending: ReadonlyMap<string, AllocationResult>;
}

/** Nobody can judge whether the pod fits: told as an error of the scheduler. */
export class BrokenClaimError extends Error {
  readonly code = "broken-claim";

  constructor(message: string) {
    super(`running "DynamicResources" filter plugin: ${message}`);
    this.name = "BrokenClaimError";
  }
}

export interface ClaimNeeds {
  readonly claims: readonly ResourceClaim[];
  /** Why the pod can't run anywhere yet. */
  readonly missing: string | undefined;
  readonly check: (info: NodeInfo) => Refusal | undefined;
  /** What the claims without devices get where the pod will run. */
  readonly allocationsOn: (info: NodeInfo) => ReadonlyMap<ResourceClaim, AllocationResult>;
  /** Claims whose devices a node doesn't reach; known when nodes have been checked. */
  readonly outOfReach: ReadonlySet<ResourceClaim>;
}

/** Whether all claims of a pod are there: before that it isn't tried at all, and nothing is said about it. */
export function hasAllClaims(pod: Pod, claims: Informer<ResourceClaim>): boolean {
  return claimsOf(pod, claims) !== undefined;
}

function claimsOf(pod: Pod, claims: Informer<ResourceClaim>): ResourceClaim[] | undefined {
  const found: ResourceClaim[] = [];
  for (const wanted of podClaimsOf(pod)) {
    const name = claimNameOf(pod, wanted);
    if (name.kind === "unneeded") continue;
    if (name.kind === "not-made-yet") return undefined;
    const claim = claims.get(pod.metadata.namespace, name.name);
    if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return undefined;
    if (name.isGenerated && strangerText(claim, pod) !== undefined) return undefined;
    found.push(claim);
  }
  return found;
}

const noNeeds: ClaimNeeds = {
  claims: [],
  missing: undefined,
  check: () => undefined,
  allocationsOn: () => new Map(),
  outOfReach: new Set(),
};

/** The devices that a pod asks for: on which nodes they are, and which it would get. */
export function claimNeeds(pod: Pod, caches: DeviceCaches): ClaimNeeds {
  if (podClaimsOf(pod).length === 0) return noNeeds;
  const claims = claimsOf(pod, caches.claims) ?? [];
  const open = claims.filter(({ status }) => status?.allocation === undefined);
  const missing = whatIsMissing(open, caches);
  if (missing !== undefined) return { ...noNeeds, claims, missing };
  const outOfReach = new Set<ResourceClaim>();
  const found = new Map<string, ReadonlyMap<ResourceClaim, AllocationResult> | undefined>();
  const allocations = (info: NodeInfo) => {
    if (!found.has(info.name)) found.set(info.name, allocate(open, info, caches));
    return found.get(info.name);
  };
  return {
    claims,
    missing: undefined,
    outOfReach,
    check: (info) => {
      const unreachable = claims.filter((claim) => !reaches(claim, info));
      for (const claim of unreachable) outOfReach.add(claim);
      if (allocations(info) === undefined) return refused("cannot allocate all claims");
      return unreachable.length > 0 ? refused("resourceclaim not available on the node") : undefined;
    },
    allocationsOn: (info) => allocations(info) ?? new Map(),
  };
}

function refused(reason: string): Refusal {
  return { reasons: [reason], isResolvable: false };
}

function whatIsMissing(open: readonly ResourceClaim[], { pending, classes }: DeviceCaches): string | undefined {
  for (const { metadata, spec } of open) {
    if (pending.has(metadata.uid ?? ""))
      return `resource claim ${metadata.namespace ?? ""}/${metadata.name ?? ""} is in the process of being allocated`;
    for (const { name, exactly, firstAvailable = [] } of spec.devices.requests ?? []) {
      const asked = exactly === undefined ? firstAvailable : [{ ...exactly, name: "" }];
      for (const { name: alternative, deviceClassName } of asked) {
        if (classes.get("", deviceClassName) !== undefined) continue;
        const request = alternative === "" ? name : `${name}/${alternative}`;
        return `request ${request}: device class ${deviceClassName} does not exist`;
      }
    }
  }
  return undefined;
}

function reaches({ status }: ResourceClaim, { node }: NodeInfo): boolean {
  const terms = status?.allocation?.nodeSelector?.nodeSelectorTerms;
  if (terms === undefined || terms === null) return true;
  return node !== undefined && matchesNodeTerms(terms as readonly NodeSelectorTerm[], node);
}

function allocate(
  open: readonly ResourceClaim[],
  { node }: NodeInfo,
  caches: DeviceCaches,
): ReadonlyMap<ResourceClaim, AllocationResult> | undefined {
  if (open.length === 0) return new Map();
  if (node === undefined) return undefined;
  const taken = takenDevices(caches);
  const classOf = (name: string) => caches.classes.get("", name);
  try {
    const found = findDevices({
      node,
      claims: open,
      slices: caches.slices.list(),
      classOf,
      isTaken: (device) => taken.has(device),
    });
    if (found === undefined) return undefined;
    return new Map(open.map((claim, index) => [claim, allocationResult(claim, found[index] ?? [], classOf)]));
  } catch (error) {
    if (error instanceof DeviceSearchError) throw new BrokenClaimError(error.message);
    throw error;
  }
}

/** Devices that a claim has or is about to get. Whoever administers a device takes it from nobody. */
function takenDevices({ claims, pending }: DeviceCaches): Set<string> {
  const taken = new Set<string>();
  const allocations = [...claims.list().map(({ status }) => status?.allocation), ...pending.values()];
  for (const allocation of allocations)
    for (const { driver, pool, device, adminAccess } of allocation?.devices.results ?? [])
      if (adminAccess !== true) taken.add(`${driver}/${pool}/${device}`);
  return taken;
}

/** A claim with devices that no node with room can reach, and that nobody else uses. */
export function claimToFree(pod: Pod, needs: ClaimNeeds): ResourceClaim | undefined {
  return needs.claims.find((claim) => {
    const reservedFor = claim.status?.reservedFor ?? [];
    const isOwn = reservedFor.length === 0 || (reservedFor.length === 1 && isReservedFor(claim, pod));
    return needs.outOfReach.has(claim) && isOwn;
  });
}
