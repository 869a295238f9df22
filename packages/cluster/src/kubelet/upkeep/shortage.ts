import { canonicalQuantity, formatQuantity, nanosOf } from "../../object/quantity.ts";
import type { Container, Pod } from "../pods/pod.ts";
import type { Pressure } from "./node-pressure.ts";

const billion = 1_000_000_000n;

/** How much there is of something, and below what the node is short of it; both as the node says them too. */
export interface Level {
  readonly isBelow: boolean;
  readonly threshold: string;
  readonly available: string;
}

/** What a pod takes of it. */
export interface Burden {
  /** More than it asked for. */
  readonly isOver: boolean;
  /** How much more; less than nothing where it is less. */
  readonly excess: bigint;
  /** Where it can be told by container. */
  readonly containers: readonly { readonly name: string; readonly bytes: number }[];
  /** Of the pod as a whole, where it asked as a whole. */
  readonly whole?: { readonly bytes: number; readonly request: string };
}

/** Something that the node can run short of, and what is done about it. */
export interface Shortage<T> {
  readonly resource: "memory" | "ephemeral-storage" | "inodes";
  readonly pressure: Pressure;
  readonly level: () => Level;
  /** Gives back what no pod misses. */
  readonly reclaim?: () => Promise<unknown>;
  readonly burdenOf: (worker: T) => Promise<Burden>;
}

/** Why a pod has to go, and what programs that read its event want to know of that. */
export function evictionWords(
  pod: Pod,
  burden: Burden,
  { resource, level }: Pick<Shortage<unknown>, "resource" | "level">,
): { message: string; annotations: Record<string, string> } {
  const { threshold, available } = level();
  const low = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `;
  const own = burden.whole;
  const { name } = pod.metadata;
  const ofPod = own === undefined ? "" : `Pod ${name} ${usedText(own.bytes, own.request, resource)}`;
  const offenders = burden.containers.flatMap((each) => {
    const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
      (known) => known.name === each.name,
    );
    const request = container === undefined ? undefined : (requestOf(container, resource) ?? "0");
    return request === undefined || !isMore(each.bytes, request) ? [] : [{ ...each, request }];
  });
  const ofContainers = offenders.map(
    (each) => `Container ${each.name} ${usedText(each.bytes, each.request, resource)}`,
  );
  return {
    message: low + ofPod + ofContainers.join(""),
    annotations: {
      ...(own === undefined ? {} : { offending_pod: name, offending_pod_usage: bytesText(own.bytes) }),
      offending_containers: offenders.map((each) => each.name).join(","),
      offending_containers_usage: offenders.map(({ bytes }) => bytesText(bytes)).join(","),
      starved_resource: resource,
    },
  };
}

export function requestOf({ resources }: Pick<Container, "resources">, resource: string): string | undefined {
  return resources?.requests?.[resource];
}

export function bytesText(bytes: number): string {
  return formatQuantity({ nanos: BigInt(bytes) * billion, format: "binary" });
}

export function countText(count: number): string {
  return formatQuantity({ nanos: BigInt(count) * billion, format: "decimal" });
}

function usedText(bytes: number, request: string, resource: string): string {
  return `was using ${bytesText(bytes)}, request is ${canonicalQuantity(request) ?? request}, has larger consumption of ${resource}. `;
}

function isMore(bytes: number, request: string): boolean {
  return BigInt(bytes) * billion > nanosOf(request);
}
