import { equalJson } from "../../object/json-value.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { isReachedFromOutside, needsAddress, needsHealthPort, needsNodePorts, nodePortsOf } from "./service-type.ts";

/**
 * A service that becomes one of another type loses what only the earlier type has, unless its author changed that at the same time and
 * has to hear of it.
 */
export function dropForeignFields(next: Service, current: Service): void {
  const { spec } = next;
  const isSame = (...fields: readonly (keyof Service["spec"])[]): boolean =>
    fields.every((field) => equalJson(spec[field], current.spec[field]));
  if (needsAddress(current) && !needsAddress(next)) {
    if (isSame("clusterIP", "clusterIPs")) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (isSame("ipFamilies")) delete spec.ipFamilies;
    if (isSame("ipFamilyPolicy")) delete spec.ipFamilyPolicy;
  }
  const known = new Set(nodePortsOf(current));
  if (needsNodePorts(current) && !needsNodePorts(next) && nodePortsOf(next).every((port) => known.has(port)))
    for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthPort(current) && !needsHealthPort(next) && isSame("healthCheckNodePort"))
    delete spec.healthCheckNodePort;
  if (current.spec.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    if (isSame("allocateLoadBalancerNodePorts")) delete spec.allocateLoadBalancerNodePorts;
    if (isSame("loadBalancerClass")) delete spec.loadBalancerClass;
  }
  if (isReachedFromOutside(current) && !isReachedFromOutside(next) && isSame("externalTrafficPolicy"))
    delete spec.externalTrafficPolicy;
  if (spec.type !== "LoadBalancer") next.status = { ...next.status, loadBalancer: {} };
}
