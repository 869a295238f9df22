import type { Container, Pod } from "./pod.ts";
import { parseQuantity } from "./quantity.ts";

/** A container without a limit of its own is bound by that of its pod as a whole. */
export function withPodLimits(container: Container, { spec }: Pod): Container {
  const whole = spec.resources?.limits;
  if (whole === undefined) return container;
  const limits = { ...container.resources?.limits };
  for (const name of ["cpu", "memory"]) {
    const ofPod = whole[name];
    if (ofPod !== undefined && parseQuantity(limits[name] ?? "0") === 0n) limits[name] = ofPod;
  }
  return { ...container, resources: { ...container.resources, limits } };
}
