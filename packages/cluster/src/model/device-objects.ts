import type { Resource } from "../loop/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { isControlledBy } from "./owner.ts";
import type {
  DeviceClassSpec,
  ResourceClaimSpec,
  ResourceClaimStatus,
  ResourceClaimTemplateSpec,
  ResourceSliceSpec,
} from "../schema/data/types/resource-v1.ts";

const group = { group: "resource.k8s.io", version: "v1" } as const;

/** The kinds of dynamic resource allocation. */
export const deviceResources = {
  classes: { ...group, kind: "DeviceClass", plural: "deviceclasses", namespaced: false },
  claims: { ...group, kind: "ResourceClaim", plural: "resourceclaims", namespaced: true },
  templates: { ...group, kind: "ResourceClaimTemplate", plural: "resourceclaimtemplates", namespaced: true },
  slices: { ...group, kind: "ResourceSlice", plural: "resourceslices", namespaced: false },
} as const satisfies Record<string, Resource>;

/** Keeps a claim while devices are given to it. */
export const claimFinalizer = "resource.kubernetes.io/delete-protection";

export interface DeviceClass extends KubeObject {
  spec: DeviceClassSpec;
}

export interface ResourceClaim extends KubeObject {
  spec: ResourceClaimSpec;
  status?: ResourceClaimStatus;
}

export interface ResourceClaimTemplate extends KubeObject {
  spec: ResourceClaimTemplateSpec;
}

export interface ResourceSlice extends KubeObject {
  spec: ResourceSliceSpec;
}

/** What a pod says of one claim. */
export interface PodClaim {
  readonly name: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

/** Which object a claim is that was made for a pod; none where it turned out not to be needed. */
export interface PodClaimStatus {
  readonly name: string;
  readonly resourceClaimName?: string;
}

/** A pod, as anybody knows it: decoded by its schema. */
export interface ClaimUser extends KubeObject {
  spec: object;
  status?: object;
}

export function podClaimsOf(pod: ClaimUser): readonly PodClaim[] {
  const spec: { readonly resourceClaims?: readonly PodClaim[] } = pod.spec;
  return spec.resourceClaims ?? [];
}

export function claimStatusesOf(pod: ClaimUser): readonly PodClaimStatus[] {
  const status: { readonly resourceClaimStatuses?: readonly PodClaimStatus[] } = pod.status ?? {};
  return status.resourceClaimStatuses ?? [];
}

export type ClaimName =
  | { readonly kind: "named"; readonly name: string; readonly isGenerated: boolean }
  | { readonly kind: "unneeded" }
  | { readonly kind: "not-made-yet" };

/** Which object a pod's claim is, when that is known already. */
export function claimNameOf(pod: ClaimUser, claim: PodClaim): ClaimName {
  if (claim.resourceClaimName !== undefined)
    return { kind: "named", name: claim.resourceClaimName, isGenerated: false };
  const made = claimStatusesOf(pod).find(({ name }) => name === claim.name);
  if (made === undefined) return { kind: "not-made-yet" };
  if (made.resourceClaimName === undefined) return { kind: "unneeded" };
  return { kind: "named", name: made.resourceClaimName, isGenerated: true };
}

export function isReservedFor(claim: ResourceClaim, pod: ClaimUser): boolean {
  return (claim.status?.reservedFor ?? []).some(({ uid }) => uid === pod.metadata.uid);
}

/** Why a generated claim isn't this pod's. */
export function strangerText(claim: ResourceClaim, pod: ClaimUser): string | undefined {
  if (isControlledBy(claim, pod)) return undefined;
  const { namespace = "", name = "" } = claim.metadata;
  return `ResourceClaim ${namespace}/${name} was not created for pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""} (pod is not owner)`;
}
