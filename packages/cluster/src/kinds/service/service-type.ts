import type { Service } from "../../schema/data/types/core-v1.ts";

/** A headless service has no address of its own; its name stands for its pods'. */
export const HEADLESS = "None";

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === HEADLESS;
}

export function needsAddress({ spec }: Service): boolean {
  return spec.type !== "ExternalName";
}

export function needsNodePorts({ spec }: Service): boolean {
  return spec.type === "NodePort" || spec.type === "LoadBalancer";
}

/** A balancer asks on a port of the node whether pods of the service run there. */
export function needsHealthPort({ spec }: Service): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}

export function isReachedFromOutside({ spec }: Service): boolean {
  return (
    spec.type === "LoadBalancer" ||
    spec.type === "NodePort" ||
    (spec.type === "ClusterIP" && (spec.externalIPs ?? []).length > 0)
  );
}

export function nodePortsOf({ spec }: Service): number[] {
  return (spec.ports ?? []).map(({ nodePort = 0 }) => nodePort).filter((port) => port !== 0);
}
