import type { ContainerDemand, Demand } from "./pod-requests.ts";
import { parseQuantity } from "./quantity.ts";

/** Whether a pod asks for no processors and no memory at all. */
export function isBestEffort({ containers, initContainers = [], resources }: Demand): boolean {
  return [...containers, ...initContainers, { resources: resources ?? {} }].every(asksForNothing);
}

function asksForNothing({ resources }: ContainerDemand): boolean {
  return [resources?.requests, resources?.limits].every((amounts) =>
    ["cpu", "memory"].every((name) => parseQuantity(amounts?.[name]) === 0n),
  );
}
