import { compareQuantities } from "../../object/quantity.ts";
import type { PodSpec } from "../../schema/data/types/core-v1.ts";

const counted = ["cpu", "memory"] as const;

/** Who is evicted first when a node runs short. */
export function qosClassOf(spec: PodSpec): "BestEffort" | "Burstable" | "Guaranteed" {
  const all = spec.resources
    ? [spec.resources]
    : [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ resources }) => resources);
  let isGuaranteed = true;
  let asksForSomething = false;
  for (const { limits = {}, requests = {} } of all) {
    for (const name of counted) {
      const isLimited = compareQuantities(limits[name], "0") > 0;
      const isRequested = compareQuantities(requests[name], "0") > 0;
      if (isLimited || isRequested) asksForSomething = true;
      if (!isLimited || (requests[name] !== undefined && compareQuantities(limits[name], requests[name]) !== 0))
        isGuaranteed = false;
    }
  }
  if (!asksForSomething) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
