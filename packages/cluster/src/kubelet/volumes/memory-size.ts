import { isBestEffort } from "../../model/pod-quality.ts";
import { podAmounts } from "../../model/pod-requests.ts";
import type { Pod, Volume } from "../pods/pod.ts";
import { wholeUnits } from "../pods/quantity.ts";

const billion = 1_000_000_000n;

/** How much a volume in memory holds: what it says itself, unless the pod's limits or what the node has for pods are less. */
export function memoryVolumeBytes({ emptyDir }: Volume, pod: Pod, nodeMemory: string): number {
  const nodeBytes = wholeUnits(nodeMemory);
  const podBytes = podLimitBytes(pod);
  const most = podBytes > 0 && podBytes <= nodeBytes ? podBytes : nodeBytes;
  const own = wholeUnits(emptyDir?.sizeLimit ?? "0");
  return own > 0 && own <= most ? own : most;
}

/** What all of a pod's containers may have together; 0 where one of them has no limit. */
function podLimitBytes({ spec }: Pod): number {
  if (isBestEffort(spec)) return 0;
  const whole = spec.resources?.limits?.["memory"];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const isLimited = containers.every(({ resources }) => wholeUnits(resources?.limits?.["memory"] ?? "0") > 0);
  if (whole === undefined && !isLimited) return 0;
  return Number((podAmounts({ spec }, "limits").get("memory") ?? 0n) / billion);
}
