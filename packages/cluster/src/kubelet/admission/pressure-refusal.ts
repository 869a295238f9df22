import { isBestEffort } from "../../model/pod-quality.ts";
import { isTolerated } from "../../model/placement.ts";
import { isCritical } from "../pods/pod.ts";
import type { Pod } from "../pods/pod.ts";
import { pressureWords } from "../upkeep/node-pressure.ts";
import type { NodePressure, Pressure } from "../upkeep/node-pressure.ts";
import type { Refusal } from "./refusal.ts";

const memoryTaint = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" } as const;

/** Why a node that is short of something doesn't take a pod: when it is memory alone, only pods that promise nothing about it stay away. */
export function pressureRefusal(pod: Pod, pressure: NodePressure): Refusal | undefined {
  const pressures: readonly Pressure[] = ["memory", "disk"];
  const found = pressures.filter((each) => pressure[each]);
  if (found.length === 0 || isCritical(pod)) return undefined;
  const isMemoryAlone = !pressure.disk;
  if (isMemoryAlone && (!isBestEffort(pod.spec) || isTolerated(pod.spec.tolerations, memoryTaint))) return undefined;
  const types = found.map((each) => pressureWords[each].type).join(" ");
  return { reason: "Evicted", message: `The node had condition: [${types}]. ` };
}
