import { differences, type Difference } from "../diff/difference.ts";
import { nameObjects } from "./match.ts";
import { neutral, replacementsFor } from "./neutral.ts";
import type { ClusterObject, ClusterState } from "./read-objects.ts";

export interface Side extends ClusterState {
  /** What the names of the platform's images begin with there. */
  readonly registry: string;
}

export interface ObjectDifference {
  readonly object: string;
  readonly differences: readonly Difference[];
}

export interface Comparison {
  readonly compared: number;
  readonly different: readonly ObjectDifference[];
  /** What was not compared, and why. */
  readonly leftOut: readonly string[];
}

/** Holds the objects of two clusters against each other, after what varies by itself is replaced. */
export function compareClusters(real: Side, embedded: Side): Comparison {
  const sides = [real, embedded];
  const lacks: Lacks = {
    metrics: sides.some(({ groups }) => !groups.has("metrics.k8s.io")),
    users: sides.some(({ objects }) => !objects.some(saysUser)),
  };
  const [wanted, found] = sides.map((side) => neutralObjects(side, lacks));
  const names = [...new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])].toSorted();
  const different = names.flatMap((object): ObjectDifference[] => {
    const members = differences(wanted?.get(object), found?.get(object));
    return members.length === 0 ? [] : [{ object, differences: members }];
  });
  const leftOut = Object.entries(reasons).flatMap(([name, reason]) => (lacks[name as keyof Lacks] ? [reason] : []));
  return { compared: names.length, different, leftOut };
}

/** What one of the clusters does not do. */
interface Lacks {
  readonly metrics: boolean;
  readonly users: boolean;
}

const reasons: Readonly<Record<keyof Lacks, string>> = {
  metrics: "statuses of autoscalers: one of the clusters measures nothing (it serves no metrics.k8s.io)",
  users: "as whom containers run, in the statuses of pods: the container engine of one of the clusters does not say it",
};

interface PodStatus {
  readonly containerStatuses?: readonly { readonly user?: unknown }[];
}

function saysUser({ status }: ClusterObject): boolean {
  return ((status ?? {}) as PodStatus).containerStatuses?.some(({ user }) => user !== undefined) ?? false;
}

function neutralObjects(side: Side, lacks: Lacks): ReadonlyMap<string, unknown> {
  const plain = replacementsFor({ ...side, named: [] });
  const named = nameObjects(side.objects, (object) => orderOf(neutral(object, plain)));
  const replacements = replacementsFor({ ...side, named });
  return new Map(named.map(({ name, object }) => [name, neutral(comparable(object, lacks), replacements)]));
}

/** Revisions first, so that the newest template of a deployment stands beside the newest. */
function orderOf(object: unknown): string {
  const { metadata, revision } = object as ClusterObject & { readonly revision?: number };
  const counted = metadata.annotations?.["deployment.kubernetes.io/revision"] ?? String(revision ?? "");
  return `${counted.padStart(8, "0")} ${JSON.stringify({ ...(object as ClusterObject), metadata: {} })}`;
}

/** Of a secret only the names of what is in it: each cluster has its own. */
function comparable(object: ClusterObject, lacks: Lacks): unknown {
  const { data, status, ...rest } = object;
  if (object.kind === "Secret" && typeof data === "object" && data !== null)
    return { ...rest, data: Object.keys(data).toSorted() };
  // How often its controller wrote it is chance: what changes in quick succession it takes together.
  if (object.kind === "EndpointSlice") {
    const { generation: _generation, ...metadata } = rest.metadata;
    return { ...rest, metadata };
  }
  if (lacks.metrics && object.kind === "HorizontalPodAutoscaler") {
    const managedFields = Array.isArray(rest.metadata["managedFields"]) ? rest.metadata["managedFields"] : [];
    const kept = managedFields.filter((each: { readonly subresource?: string }) => each.subresource !== "status");
    return { ...rest, metadata: { ...rest.metadata, managedFields: kept } };
  }
  if (lacks.users && object.kind === "Pod") return { ...rest, status: withoutUsers((status ?? {}) as PodStatus) };
  return { ...rest, ...(data === undefined ? {} : { data }), ...(status === undefined ? {} : { status }) };
}

function withoutUsers({ containerStatuses, ...status }: PodStatus): unknown {
  return { ...status, containerStatuses: containerStatuses?.map((each) => ({ ...each, user: undefined })) };
}
