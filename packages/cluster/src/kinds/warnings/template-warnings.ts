import { equalJson } from "../../object/json-value.ts";
import type { ObjectMeta } from "../../object/kube-object.ts";
import type { JobSpec } from "../../schema/data/types/batch-v1.ts";
import type { PodTemplateSpec } from "../../schema/data/types/core-v1.ts";
import { nameWarnings, OF_PODS, podWarnings } from "./pod-warnings.ts";

const COMPLETIONS_MANY = 100_000;
const PARALLEL_MANY = 10_000;

interface Workload {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly template?: PodTemplateSpec | null };
}

/** Of what makes pods; a change of something else is not told again. */
export function workloadWarnings({ metadata, spec }: Workload, current: Workload | undefined): string[] {
  if (current && metadata.generation === current.metadata.generation) return [];
  const own = spec.template ? podWarnings(spec.template, "spec.template.") : [];
  return current ? own : [...nameWarnings(metadata.name, OF_PODS), ...own];
}

/** Of a daemon set, whose name is no part of a host's. */
export function daemonWarnings({ spec }: Workload, current: Workload | undefined): string[] {
  if (!spec.template || (current && equalJson(spec.template, current.spec.template))) return [];
  return podWarnings(spec.template, "spec.template.");
}

export function jobWarnings(spec: JobSpec, field: string): string[] {
  const isMany = (spec.completions ?? 0) > COMPLETIONS_MANY && (spec.parallelism ?? 0) > PARALLEL_MANY;
  const what =
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
  return [
    ...(spec.completionMode === "Indexed" && isMany ? [`${field}: ${what}`] : []),
    ...podWarnings(spec.template, `${field}.template.`),
  ];
}
