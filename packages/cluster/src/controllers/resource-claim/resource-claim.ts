import { done, hasCode, keyOf, messageOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { controllerOf, controllerReference, isControlledBy } from "../../model/owner.ts";
import { isFinished, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import {
  claimFinalizer,
  claimNameOf,
  deviceResources,
  isReservedFor,
  podClaimsOf,
  strangerText,
} from "../../model/device-objects.ts";
import type { PodClaim, ResourceClaim, ResourceClaimTemplate } from "../../model/device-objects.ts";

/** Tells a claim that was made for a pod which of the pod's claims it is. */
const podClaimAnnotation = "resource.kubernetes.io/pod-claim-name";
/** Who writes the names of claims into the status of pods. */
const statusManager = "ResourceClaimController";
/** A name of 63 characters less a hyphen and five random characters. */
const baseNameMax = 57;

interface Parts {
  readonly context: ControllerContext;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<ResourceClaim>;
  readonly templates: Informer<ResourceClaimTemplate>;
  readonly events: EventRecorder;
}

/** Makes claims from templates, and gives back what no pod uses any more. */
export function resourceClaimController(context: ControllerContext): Controller {
  const { informers } = context;
  const parts: Parts = {
    context,
    pods: informers.of<Pod>(resources.pods),
    claims: informers.of<ResourceClaim>(deviceResources.claims),
    templates: informers.of<ResourceClaimTemplate>(deviceResources.templates),
    events: context.eventsOf("resource_claim"),
  };
  return {
    name: "resourceclaim-controller",
    watches: [
      watching(parts.pods, (pod) => keysOfPod(pod)),
      watching(parts.claims, (claim) => [`claim:${keyOf(claim)}`, ...podKeysOfClaim(claim)]),
      watching(parts.templates, (template) => podsOfTemplate(parts, template)),
    ],
    reconcile: (key) => {
      const colon = key.indexOf(":");
      const object = splitKey(key.slice(colon + 1));
      return key.startsWith("pod:") ? reconcilePod(parts, object) : reconcileClaim(parts, object);
    },
  };
}

/** It may still come, and is watched. */
class NoTemplate extends Error {
  readonly code = "no-template";

  constructor(name: string) {
    super(`resource claim template "${name}": resourceclaimtemplate.resource.k8s.io "${name}" not found`);
    this.name = "NoTemplate";
  }
}

interface Key {
  readonly namespace: string;
  readonly name: string;
}

function keysOfPod(pod: Pod): string[] {
  const claims = podClaimsOf(pod);
  if (claims.length === 0) return [];
  const namespace = pod.metadata.namespace ?? "";
  const named = claims.flatMap((claim) => {
    const name = claimNameOf(pod, claim);
    return name.kind === "named" ? [`claim:${namespace}/${name.name}`] : [];
  });
  return [`pod:${keyOf(pod)}`, ...named];
}

function podKeysOfClaim({ metadata, status }: ResourceClaim): string[] {
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === "Pod");
  const names = [...owners, ...(status?.reservedFor ?? [])].map(({ name }) => name);
  return names.map((name) => `pod:${metadata.namespace ?? ""}/${name}`);
}

function podsOfTemplate({ pods }: Parts, { metadata }: ResourceClaimTemplate): string[] {
  return pods
    .list()
    .filter(
      (pod) =>
        pod.metadata.namespace === metadata.namespace &&
        podClaimsOf(pod).some((claim) => claim.resourceClaimTemplateName === metadata.name),
    )
    .map((pod) => `pod:${keyOf(pod)}`);
}

async function reconcilePod(parts: Parts, { namespace, name }: Key): Promise<Outcome> {
  const pod = parts.pods.get(namespace, name);
  if (pod === undefined || isTerminating(pod)) return done;
  const made: { name: string; resourceClaimName: string }[] = [];
  for (const wanted of podClaimsOf(pod)) {
    try {
      const claim = await ensureClaim(parts, pod, wanted);
      if (claim !== undefined) made.push({ name: wanted.name, resourceClaimName: claim.metadata.name ?? "" });
    } catch (error) {
      const text = `PodResourceClaim ${wanted.name}: ${messageOf(error)}`;
      parts.events.warning(pod, "FailedResourceClaimCreation", text);
      return error instanceof NoTemplate ? { kind: "waiting", reason: error.message } : { kind: "failed", error };
    }
  }
  if (made.length > 0) await tellNames(parts, pod, made);
  if ((pod.spec.nodeName ?? "") !== "") await reserve(parts, pod);
  return done;
}

/** The claim that was made now or before and isn't in the pod's status yet; undefined when nothing is to be told. */
async function ensureClaim(parts: Parts, pod: Pod, wanted: PodClaim): Promise<ResourceClaim | undefined> {
  const { namespace = "" } = pod.metadata;
  const named = claimNameOf(pod, wanted);
  if (named.kind === "unneeded" || wanted.resourceClaimTemplateName === undefined) return undefined;
  if (named.kind === "named") {
    const known = parts.claims.get(namespace, named.name);
    if (known !== undefined && isControlledBy(known, pod)) return undefined;
  }
  const orphan = parts.claims
    .list()
    .find((claim) => isControlledBy(claim, pod) && claim.metadata.annotations?.[podClaimAnnotation] === wanted.name);
  return orphan ?? makeClaim(parts, pod, wanted);
}

async function makeClaim({ context, templates }: Parts, pod: Pod, wanted: PodClaim): Promise<ResourceClaim> {
  const { namespace = "" } = pod.metadata;
  const templateName = wanted.resourceClaimTemplateName ?? "";
  const template = templates.get(namespace, templateName);
  if (template === undefined) throw new NoTemplate(templateName);
  const { metadata, spec } = template.spec;
  const { blockOwnerDeletion: _, ...owner } = controllerReference(pod);
  return context.api.create<ResourceClaim>(deviceResources.claims, {
    metadata: {
      generateName: generateName(pod.metadata.name ?? "", wanted.name),
      namespace,
      annotations: { ...metadata?.annotations, [podClaimAnnotation]: wanted.name },
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ownerReferences: [owner],
    },
    spec,
  });
}

/** Both names are cut in proportion, so that something of each is left. */
function generateName(pod: string, claim: string): string {
  const whole = `${pod}-${claim}-`;
  if (whole.length <= baseNameMax) return whole;
  const cut = (name: string) => name.slice(0, Math.floor((name.length * baseNameMax) / whole.length));
  return `${cut(pod)}-${cut(claim)}`;
}

async function tellNames(
  { context }: Parts,
  pod: Pod,
  made: readonly { readonly name: string; readonly resourceClaimName: string }[],
): Promise<void> {
  const { namespace = "", name = "" } = pod.metadata;
  const target = { namespace, name, part: "status", type: "apply", manager: statusManager } as const;
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    status: { resourceClaimStatuses: made },
  };
  await unless(["not-found"], context.api.patch<Pod>(resources.pods, target, body));
}

/** A pod that was given to a node without the scheduler uses what is allocated already. */
async function reserve({ context, claims }: Parts, pod: Pod): Promise<void> {
  for (const wanted of podClaimsOf(pod)) {
    const named = claimNameOf(pod, wanted);
    if (named.kind !== "named") continue;
    const claim = claims.get(pod.metadata.namespace, named.name);
    if (claim?.status?.allocation === undefined || isReservedFor(claim, pod)) continue;
    if (named.isGenerated && strangerText(claim, pod) !== undefined) continue;
    const user = { resource: "pods", name: pod.metadata.name ?? "", uid: pod.metadata.uid ?? "" };
    const status = { ...claim.status, reservedFor: [...(claim.status.reservedFor ?? []), user] };
    await context.api.update(deviceResources.claims, { ...claim, status }, "status");
  }
}

async function reconcileClaim(parts: Parts, { namespace, name }: Key): Promise<Outcome> {
  const found = parts.claims.get(namespace, name);
  if (found === undefined) return done;
  const users = found.status?.reservedFor ?? [];
  const valid: typeof users = [];
  for (const user of users) if (await isStillUsed(parts, namespace, user)) valid.push(user);
  const wasFreed = valid.length < users.length;
  const isLeaving = isTerminating(found) && valid.length === 0;
  const claim = wasFreed || isLeaving ? await giveBack(parts, found, valid) : found;
  if (claim !== undefined && valid.length === 0) await dropUnused(parts, claim);
  return done;
}

async function isStillUsed(
  { context, pods }: Parts,
  namespace: string,
  user: { readonly resource: string; readonly name: string; readonly uid: string },
): Promise<boolean> {
  if (user.resource !== "pods") return true;
  // What the cache doesn't know may only be too new for it.
  const pod = pods.get(namespace, user.name) ?? (await context.api.get<Pod>(resources.pods, namespace, user.name));
  return pod !== undefined && pod.metadata.uid === user.uid && !isDone(pod);
}

/** Nothing of it runs or ever will. */
function isDone(pod: Pod): boolean {
  return isFinished(pod) || (isTerminating(pod) && (pod.spec.nodeName ?? "") === "");
}

/** Without users the devices are free again, and the claim may go. */
async function giveBack(
  { context: { api } }: Parts,
  claim: ResourceClaim,
  reservedFor: NonNullable<ResourceClaim["status"]>["reservedFor"] & object,
): Promise<ResourceClaim | undefined> {
  const isKept = (claim.metadata.finalizers ?? []).includes(claimFinalizer);
  const isFree = reservedFor.length === 0 && isKept;
  const { allocation, reservedFor: before = [], ...rest } = claim.status ?? {};
  const isChanged = before.length !== reservedFor.length || (isFree && allocation !== undefined);
  const status = {
    ...rest,
    ...(isFree || allocation === undefined ? {} : { allocation }),
    ...(reservedFor.length === 0 ? {} : { reservedFor }),
  };
  const next = isChanged
    ? await api.update<ResourceClaim>(deviceResources.claims, { ...claim, status }, "status")
    : claim;
  if (!isKept || next.status?.allocation !== undefined) return next;
  const finalizers = (next.metadata.finalizers ?? []).filter((each) => each !== claimFinalizer);
  const freed = { ...next, metadata: { ...next.metadata, finalizers } };
  try {
    return await api.update<ResourceClaim>(deviceResources.claims, freed);
  } catch (error) {
    if (hasCode(error, "not-found")) return undefined;
    throw error;
  }
}

/** A claim that was made for a pod goes when the pod has ended, even while the pod's object stays. */
async function dropUnused({ context, pods }: Parts, claim: ResourceClaim): Promise<void> {
  const owner = controllerOf(claim);
  if (owner?.kind !== "Pod" || isTerminating(claim)) return;
  const pod = pods.get(claim.metadata.namespace, owner.name);
  if (pod === undefined || (pod.metadata.uid === owner.uid && !isDone(pod))) return;
  await unless(["not-found"], context.api.delete(deviceResources.claims, claim));
}
