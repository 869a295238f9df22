import { nanosOf } from "../../object/quantity.ts";
import type { PodSpec, ResourceRequirements } from "../../schema/data/types/core-v1.ts";

const counted = ["cpu", "memory"] as const;

/** Who is evicted first when a node runs short. */
export function qosClassOf(spec: PodSpec): "BestEffort" | "Burstable" | "Guaranteed" {
  let isGuaranteed = true;
  let asksForSomething = false;
  const count = ({ limits, requests }: Asked): void => {
    for (const name of counted) {
      const limit = nanosOf(limits?.[name]);
      const request = nanosOf(requests?.[name]);
      if (limit > 0n || request > 0n) asksForSomething = true;
      if (limit <= 0n || (requests?.[name] !== undefined && limit !== request)) isGuaranteed = false;
    }
  };
  if (spec.resources) count(spec.resources);
  else {
    for (const { resources } of spec.initContainers ?? []) count(resources);
    for (const { resources } of spec.containers ?? []) count(resources);
  }
  if (!asksForSomething) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

type Asked = Pick<ResourceRequirements, "limits" | "requests">;
