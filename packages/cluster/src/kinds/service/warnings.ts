import type { Service } from "../../schema/data/types/core-v1.ts";
import { addressWarnings } from "../warnings/addresses.ts";
import { HEADLESS } from "./service-type.ts";

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const warnings: string[] = [];
  const hints = "service.kubernetes.io/topology-aware-hints";
  if (metadata.annotations?.[hints] !== undefined)
    warnings.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  if (spec.clusterIP !== HEADLESS) warnings.push(...addressWarnings(spec.clusterIPs ?? [], "spec.clusterIPs"));
  if (spec.type === "ClusterIP" && spec.clusterIP === HEADLESS) {
    if (spec.loadBalancerIP) warnings.push("spec.loadBalancerIP is ignored for headless services");
    if ((spec.externalIPs ?? []).length > 0) warnings.push("spec.externalIPs is ignored for headless services");
    if (spec.sessionAffinity !== "None") warnings.push("spec.SessionAffinity is ignored for headless services");
  }
  warnings.push(...addressWarnings(spec.externalIPs ?? [], "spec.externalIPs"));
  if (spec.type === "ExternalName" && (spec.externalIPs ?? []).length > 0)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== "ExternalName" && spec.externalName)
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === "PreferClose")
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}
