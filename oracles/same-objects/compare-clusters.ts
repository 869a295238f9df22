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
  const unmeasured = [real, embedded].some(({ groups }) => !groups.has("metrics.k8s.io"));
  const [wanted, found] = [real, embedded].map((side) => neutralObjects(side, unmeasured));
  const names = [...new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])].toSorted();
  const different = names.flatMap((object): ObjectDifference[] => {
    const members = differences(wanted?.get(object), found?.get(object));
    return members.length === 0 ? [] : [{ object, differences: members }];
  });
  const why = "statuses of autoscalers: one of the clusters measures nothing (it serves no metrics.k8s.io)";
  return { compared: names.length, different, leftOut: unmeasured ? [why] : [] };
}

function neutralObjects(side: Side, unmeasured: boolean): ReadonlyMap<string, unknown> {
  const plain = replacementsFor({ ...side, named: [] });
  const named = nameObjects(side.objects, (object) => orderOf(neutral(object, plain)));
  const replacements = replacementsFor({ ...side, named });
  return new Map(named.map(({ name, object }) => [name, neutral(comparable(object, unmeasured), replacements)]));
}

/** Revisions first, so that the newest template of a deployment stands beside the newest. */
function orderOf(object: unknown): string {
  const { metadata, revision } = object as ClusterObject & { readonly revision?: number };
  const counted = metadata.annotations?.["deployment.kubernetes.io/revision"] ?? String(revision ?? "");
  return `${counted.padStart(8, "0")} ${JSON.stringify({ ...(object as ClusterObject), metadata: {} })}`;
}

/** Of a secret only the names of what is in it: each cluster has its own. */
function comparable(object: ClusterObject, unmeasured: boolean): unknown {
  const { data, status, ...rest } = object;
  if (object.kind === "Secret" && typeof data === "object" && data !== null)
    return { ...rest, data: Object.keys(data).toSorted() };
  if (unmeasured && object.kind === "HorizontalPodAutoscaler") {
    const managedFields = Array.isArray(rest.metadata["managedFields"]) ? rest.metadata["managedFields"] : [];
    const kept = managedFields.filter((each: { readonly subresource?: string }) => each.subresource !== "status");
    return { ...rest, metadata: { ...rest.metadata, managedFields: kept } };
  }
  return { ...rest, ...(data === undefined ? {} : { data }), ...(status === undefined ? {} : { status }) };
}
