import { equalJson } from "../../object/json-value.ts";
import { done, keyOf, objectKey, resources, splitKey, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Outcome } from "../../loop/index.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { bindCompleted, boundByController, classOf, hasNoClass, isReservedFor, selectedNode } from "./claim-object.ts";
import type { PersistentVolume, VolumeClaim, VolumePhase } from "./claim-object.ts";
import { indexByClaim, podsOfClaim } from "./pods-of-claim.ts";
import { provision } from "./provision.ts";
import { reclaim } from "./reclaim.ts";
import { defaultClassOf } from "./storage-classes.ts";
import { findVolume, mismatch } from "./volume-match.ts";
import type { VolumeParts } from "./volume-parts.ts";

/** Brings claims and volumes together. Keys with a namespace are claims, those without are volumes. */
export function volumeBinder(context: ControllerContext): Controller {
  const parts: VolumeParts = {
    context,
    claims: context.informers.of(resources.persistentVolumeClaims),
    volumes: context.informers.of(resources.persistentVolumes),
    classes: context.informers.of(resources.storageClasses),
    pods: indexByClaim(context.informers.of<Pod>(resources.pods)),
    events: context.eventsOf("persistentvolume-controller"),
  };
  return {
    name: "persistentvolume-binder-controller",
    watches: [
      watching(parts.claims, (claim) => [keyOf(claim), ...reservedVolumes(parts, claim)]),
      watching(parts.volumes, (volume) => [keyOf(volume), ...claimsFor(parts, volume)]),
      watching(parts.classes, () => unboundClaims(parts)),
    ],
    // One after the other: two claims don't want the same volume then.
    workers: 1,
    reconcile: (key) => (key.includes("/") ? reconcileClaim(parts, key) : reconcileVolume(parts, key)),
  };
}

function reservedVolumes({ volumes }: VolumeParts, claim: VolumeClaim): string[] {
  const { volumeName = "" } = claim.spec;
  if (volumeName !== "") return [volumeName];
  return volumes
    .list()
    .filter((volume) => isReservedFor(volume, claim))
    .map(keyOf);
}

function claimsFor(parts: VolumeParts, volume: PersistentVolume): string[] {
  const { claimRef } = volume.spec;
  if (claimRef !== undefined) return [objectKey(claimRef.namespace, claimRef.name)];
  return volume.status?.phase === "Available" ? unboundClaims(parts) : [];
}

function unboundClaims({ claims }: VolumeParts): string[] {
  return claims
    .list()
    .filter(({ spec }) => (spec.volumeName ?? "") === "")
    .map(keyOf);
}

async function reconcileClaim(parts: VolumeParts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const claim = parts.claims.get(namespace, name);
  if (claim === undefined) return done;
  if (claim.metadata.annotations?.[bindCompleted] !== undefined) return keepBound(parts, claim);
  return (claim.spec.volumeName ?? "") === "" ? findPlace(parts, claim) : bindAskedFor(parts, claim);
}

async function findPlace(parts: VolumeParts, claim: VolumeClaim): Promise<Outcome> {
  const storageClass = parts.classes.get("", classOf(claim));
  const waits =
    storageClass?.volumeBindingMode === "WaitForFirstConsumer" &&
    claim.metadata.annotations?.[selectedNode] === undefined;
  const volume = findVolume(claim, parts.volumes.list(), waits);
  if (volume !== undefined) return bind(parts, volume, claim);
  if (isTerminating(claim)) return done;
  if (hasNoClass(claim)) {
    const fallback = defaultClassOf(parts.classes.list());
    if (fallback !== undefined) {
      const spec = { ...claim.spec, storageClassName: fallback.metadata.name ?? "" };
      await parts.context.api.update<VolumeClaim>(resources.persistentVolumeClaims, { ...claim, spec });
      return done;
    }
  }
  if (waits) {
    tellWaiting(parts, claim);
  } else if (classOf(claim) === "") {
    const words = "no persistent volumes available for this claim and no storage class is set";
    parts.events.normal(claim, "FailedBinding", words);
  } else {
    return provision(parts, claim, storageClass);
  }
  await writeClaimPhase(parts, claim, "Pending");
  return { kind: "waiting", reason: "no volume fits" };
}

function tellWaiting({ events, pods }: VolumeParts, claim: VolumeClaim): void {
  const waiting = podsOfClaim(pods, claim).filter((pod) => (pod.spec.nodeName ?? "") === "");
  const names = waiting.map((pod) => pod.metadata.name ?? "");
  if (names.length === 0) {
    events.normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
  } else {
    const subject = names.length > 1 ? "pods" : "pod";
    events.normal(claim, "WaitForPodScheduled", `waiting for ${subject} ${names.join(",")} to be scheduled`);
  }
}

async function bindAskedFor(parts: VolumeParts, claim: VolumeClaim): Promise<Outcome> {
  const volume = parts.volumes.get("", claim.spec.volumeName ?? "");
  if (volume !== undefined) {
    const name = volume.metadata.name ?? "";
    const isReserved = isReservedFor(volume, claim);
    const reason = volume.spec.claimRef === undefined ? mismatch(volume, claim, true) : undefined;
    if (reason === undefined && (isReserved || volume.spec.claimRef === undefined)) return bind(parts, volume, claim);
    if (reason === undefined) {
      parts.events.warning(claim, "FailedBinding", `volume "${name}" already bound to a different claim.`);
    } else {
      parts.events.warning(claim, "VolumeMismatch", `Cannot bind to requested volume "${name}": ${reason}`);
    }
  }
  await writeClaimPhase(parts, claim, "Pending");
  return { kind: "waiting", reason: "the volume that is asked for can't be had" };
}

async function keepBound(parts: VolumeParts, claim: VolumeClaim): Promise<Outcome> {
  const { volumeName = "" } = claim.spec;
  const lost = async (reason: string, message: string): Promise<Outcome> => {
    if (claim.status?.phase !== "Lost") {
      await writeClaimPhase(parts, claim, "Lost");
      parts.events.warning(claim, reason, message);
    }
    return done;
  };
  if (volumeName === "") {
    return lost("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
  }
  const volume = parts.volumes.get("", volumeName);
  if (volume === undefined) {
    return lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  }
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return bind(parts, volume, claim);
  return lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
}

/** Four writes, each of which is left out when it is done: what broke off in between is finished by the next look. */
async function bind(parts: VolumeParts, volume: PersistentVolume, claim: VolumeClaim): Promise<Outcome> {
  const reserved = await reserve(parts, volume, claim);
  await writeVolumePhase(parts, reserved, "Bound");
  const named = await nameVolume(parts, claim, reserved);
  await writeClaimBound(parts, named, reserved);
  return done;
}

async function reserve(
  { context }: VolumeParts,
  volume: PersistentVolume,
  claim: VolumeClaim,
): Promise<PersistentVolume> {
  const { uid, namespace, name, resourceVersion } = claim.metadata;
  const isOurs = !isReservedFor(volume, claim);
  const { claimRef } = volume.spec;
  if (!isOurs && claimRef?.uid === uid) return volume;
  const metadata = isOurs ? annotated(volume, { [boundByController]: "yes" }) : volume.metadata;
  const reference = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
  const next = { ...volume, metadata, spec: { ...volume.spec, claimRef: reference } } as PersistentVolume;
  return context.api.update<PersistentVolume>(resources.persistentVolumes, next);
}

async function nameVolume(
  { context }: VolumeParts,
  claim: VolumeClaim,
  volume: PersistentVolume,
): Promise<VolumeClaim> {
  const { name = "" } = volume.metadata;
  const isNamed = claim.spec.volumeName === name;
  const annotations = { [bindCompleted]: "yes", ...(isNamed ? {} : { [boundByController]: "yes" }) };
  const metadata = annotated(claim, annotations);
  if (isNamed && equalJson(metadata.annotations, claim.metadata.annotations)) return claim;
  const next = { ...claim, metadata, spec: { ...claim.spec, volumeName: name } };
  return context.api.update<VolumeClaim>(resources.persistentVolumeClaims, next);
}

function annotated(object: VolumeClaim | PersistentVolume, annotations: Record<string, string>) {
  return { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } };
}

async function writeClaimBound({ context }: VolumeParts, claim: VolumeClaim, volume: PersistentVolume): Promise<void> {
  const { accessModes = [], capacity = {} } = volume.spec;
  const isBound = claim.status?.phase === "Bound" && equalJson(claim.status.accessModes, accessModes);
  if (isBound && claim.status?.capacity !== undefined) return;
  const status = { ...claim.status, phase: "Bound" as const, accessModes, capacity };
  await context.api.update<VolumeClaim>(resources.persistentVolumeClaims, { ...claim, status }, "status");
}

async function writeClaimPhase({ context }: VolumeParts, claim: VolumeClaim, phase: "Pending" | "Lost"): Promise<void> {
  if (claim.status?.phase === phase) return;
  await context.api.update<VolumeClaim>(resources.persistentVolumeClaims, { ...claim, status: { phase } }, "status");
}

async function writeVolumePhase(
  { context }: VolumeParts,
  volume: PersistentVolume,
  phase: VolumePhase,
): Promise<PersistentVolume> {
  if (volume.status?.phase === phase) return volume;
  const { message: _, ...rest } = volume.status ?? {};
  const next = { ...volume, status: { ...rest, phase } };
  return context.api.update<PersistentVolume>(resources.persistentVolumes, next, "status");
}

async function reconcileVolume(parts: VolumeParts, name: string): Promise<Outcome> {
  const volume = parts.volumes.get("", name);
  if (volume === undefined) return done;
  const { claimRef } = volume.spec;
  if (claimRef === undefined || (claimRef.uid ?? "") === "") {
    await writeVolumePhase(parts, volume, "Available");
    return done;
  }
  const { namespace = "", name: claimName = "", uid } = claimRef;
  const known = parts.claims.get(namespace, claimName);
  if (known?.metadata.uid === uid) return done;
  const isOver = volume.status?.phase === "Released" || volume.status?.phase === "Failed";
  // What we know may be old; nothing is given up before the server says so.
  const fresh = await parts.context.api.get(resources.persistentVolumeClaims, namespace, claimName);
  if (fresh?.metadata.uid === uid) return done;
  const released = isOver ? volume : await writeVolumePhase(parts, volume, "Released");
  return reclaim(parts, released);
}
