import type { Deployment, ReplicaSet } from "../../model/workload.ts";
import { roomOf, wantedReplicas } from "./deployment-parts.ts";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
const historyAnnotation = "deployment.kubernetes.io/revision-history";
export const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxAnnotation = "deployment.kubernetes.io/max-replicas";

/** Characters of remembered revisions that an annotation holds; the oldest are forgotten. */
const historyCharactersMax = 2_000;

const notCopied = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  "deprecated.deployment.rollback.to",
]);

type Annotations = Record<string, string>;

/** Somebody may write any number of 64 bits there, which counts on from it. */
export function revisionOf(set: ReplicaSet): bigint {
  const text = set.metadata.annotations?.[revisionAnnotation] ?? "";
  return /^\d+$/u.test(text) ? BigInt(text) : 0n;
}

/** What the replica set says about the deployment when it is the newest; a new one also how many replicas are wanted. */
export function annotationsFor(deployment: Deployment, set: ReplicaSet | undefined, revision: bigint): Annotations {
  const annotations: Annotations = { ...set?.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!notCopied.has(key)) annotations[key] = value;
  }
  const before = annotations[revisionAnnotation];
  if (before !== undefined && !/^\d+$/u.test(before)) return annotations;
  if (BigInt(before ?? 0) < revision) {
    annotations[revisionAnnotation] = String(revision);
    if (before !== undefined) remember(annotations, before);
  }
  return set === undefined ? { ...annotations, ...sizeAnnotations(deployment) } : annotations;
}

export function sizeAnnotations(deployment: Deployment): Annotations {
  const wanted = wantedReplicas(deployment);
  return {
    [desiredAnnotation]: String(wanted),
    [maxAnnotation]: String(wanted + roomOf(deployment).surge),
  };
}

export function numberIn(set: ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata.annotations?.[annotation] ?? "";
  return /^\d+$/u.test(text) ? Number(text) : undefined;
}

function remember(annotations: Annotations, revision: string): void {
  const known = annotations[historyAnnotation] ?? "";
  const revisions = known === "" ? [] : known.split(",");
  revisions.push(revision);
  while (revisions.join(",").length > historyCharactersMax) revisions.shift();
  annotations[historyAnnotation] = revisions.join(",");
}
