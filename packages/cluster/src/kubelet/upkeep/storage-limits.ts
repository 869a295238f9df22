import { canonicalQuantity, compareQuantities, nanosOf, sumQuantities, wholeUnits } from "../../object/quantity.ts";
import { isSidecar } from "../pods/pod.ts";
import type { Container, Pod } from "../pods/pod.ts";
import type { PodStorage } from "../stats/pod-storage.ts";

export const storageResource = "ephemeral-storage";

/** Whether a pod has anything to keep to: others needn't be measured. */
export function hasStorageLimits({ spec }: Pod): boolean {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return containers.some(limitOf) || (spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined);
}

/** Which limit the pod is over, in the words of the kubelet; the first one counts. */
export function brokenLimit(pod: Pod, storage: PodStorage): string | undefined {
  return brokenVolume(pod, storage) ?? brokenTotal(pod, storage) ?? brokenContainer(pod, storage);
}

function brokenVolume({ spec }: Pod, { volumes }: PodStorage): string | undefined {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    const used = volumes.find((each) => each.name === name);
    if (limit === undefined || used === undefined || nanosOf(limit) <= 0n) continue;
    if (BigInt(used.bytes) > wholeUnits(limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${canonicalQuantity(limit) ?? limit}". `;
  }
  return undefined;
}

/** The containers' limits together bind the pod as a whole, with its volumes. */
function brokenTotal(pod: Pod, { bytes }: PodStorage): string | undefined {
  const limit = totalOf(pod, limitOf);
  if (limit === undefined || BigInt(bytes) <= wholeUnits(limit)) return undefined;
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `;
}

function brokenContainer({ spec }: Pod, { containers }: PodStorage): string | undefined {
  for (const container of spec.containers) {
    const limit = limitOf(container);
    const used = containers.find(({ name }) => name === container.name);
    if (limit === undefined || used === undefined || nanosOf(limit) === 0n) continue;
    if (BigInt(used.logs.bytes + used.root.bytes) > wholeUnits(limit))
      return `Container ${container.name} exceeded its local ephemeral storage limit "${canonicalQuantity(limit) ?? limit}". `;
  }
  return undefined;
}

function limitOf({ resources }: Container): string | undefined {
  return resources?.limits?.[storageResource];
}

/** What containers and sidecars have together, or the biggest init container if that is more; undefined when none says anything. */
export function totalOf({ spec }: Pod, amountOf: (container: Container) => string | undefined): string | undefined {
  const init = spec.initContainers ?? [];
  const sidecars = init.filter(isSidecar);
  const together = [...spec.containers, ...sidecars].flatMap((each) => amountOf(each) ?? []);
  const alone = init.filter((each) => !isSidecar(each)).flatMap((each) => amountOf(each) ?? []);
  const candidates = [...(together.length === 0 ? [] : [sumQuantities(together)]), ...alone];
  return candidates.reduce<string | undefined>(
    (most, each) => (most === undefined || compareQuantities(each, most) > 0 ? sumQuantities([each]) : most),
    undefined,
  );
}
