import type { Container, PodSpec } from "./pod.ts";
import { parseQuantity } from "./quantity.ts";

/** Whether a pod asks for no processors and no memory at all. */
export function isBestEffort({ containers, initContainers = [], resources }: PodSpec): boolean {
  return [...containers, ...initContainers, { name: "", resources: resources ?? {} }].every(asksForNothing);
}

function asksForNothing({ resources }: Container): boolean {
  return [resources?.requests, resources?.limits].every((amounts) =>
    ["cpu", "memory"].every((name) => parseQuantity(amounts?.[name]) === 0n),
  );
}
