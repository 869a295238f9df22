import type { FieldError } from "../../object/field-error.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { validateAddress, validateBlock, validateNonSpecialAddress } from "../validation/addresses.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabels } from "../validation/labels.ts";
import { dnsSubdomain, qualifiedName } from "../validation/names.ts";
import { portNumber } from "../validation/numbers.ts";
import { isHeadless, isReachedFromOutside, needsHealthPort } from "./service-type.ts";
import { validateServiceAddresses } from "./validate-addresses.ts";
import { validatePorts, validatePortUse } from "./validate-ports.ts";

const AFFINITY_SECONDS_MAX = 86_400;
const ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";
const HINTS_ANNOTATION = "service.kubernetes.io/topology-aware-hints";
const MODE_ANNOTATION = "service.kubernetes.io/topology-mode";
const RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

export function validateService(service: Service): FieldError[] {
  return validateServiceSpec(service, undefined);
}

/** Addresses that were fine once stay so. */
export function validateServiceSpec(service: Service, current: Service | undefined): FieldError[] {
  const { metadata, spec } = service;
  const errors: FieldError[] = [];
  const hints = metadata.annotations?.[HINTS_ANNOTATION];
  const mode = metadata.annotations?.[MODE_ANNOTATION];
  if (mode !== undefined && hints !== undefined && mode !== hints) {
    const detail = `must match annotations[${HINTS_ANNOTATION}] when both are specified`;
    errors.push(invalid(`metadata.annotations[${MODE_ANNOTATION}]`, mode, detail));
  }
  if ((spec.ports ?? []).length === 0 && !isHeadless(service) && spec.type !== "ExternalName")
    errors.push(required("spec.ports"));
  errors.push(...validateOwnKind(service));
  errors.push(...validatePorts(spec.ports ?? [], "spec.ports"));
  errors.push(...validateLabels(spec.selector, "spec.selector"));
  errors.push(...validateAffinity(service, "spec.sessionAffinity"));
  errors.push(...validateServiceAddresses(service));
  const known = new Set(current?.spec.externalIPs);
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const place = `spec.externalIPs[${index}]`;
    const wrong = known.has(address) ? [] : validateAddress(address, place);
    errors.push(...(wrong.length > 0 ? wrong : validateNonSpecialAddress(address, place)));
  }
  if (!spec.type) errors.push(required("spec.type"));
  else if (!types.includes(spec.type)) errors.push(notSupported("spec.type", spec.type, types));
  errors.push(...validatePortUse(service, "spec.ports"));
  return [...errors, ...validateBalancer(service), ...validateTraffic(service)];
}

function validateOwnKind(service: Service): FieldError[] {
  const { spec } = service;
  if (spec.type === "LoadBalancer" || spec.type === "NodePort") {
    if (!isHeadless(service)) return [];
    const detail = `may not be set to 'None' for ${spec.type} services`;
    return [invalid("spec.clusterIPs[0]", spec.clusterIPs?.[0], detail)];
  }
  if (spec.type !== "ExternalName") return [];
  const errors: FieldError[] = [];
  const detail = "may not be set for ExternalName services";
  if ((spec.clusterIPs ?? []).length > 0) errors.push(forbidden("spec.clusterIPs", detail));
  if ((spec.ipFamilies ?? []).length > 0) errors.push(forbidden("spec.ipFamilies", detail));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden("spec.ipFamilyPolicy", detail));
  // A dot at the end says that the name is complete.
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  if (name === "") return [...errors, required("spec.externalName")];
  return [...errors, ...eachInvalid("spec.externalName", name, dnsSubdomain(name))];
}

function validateAffinity({ spec }: Service, field: string): FieldError[] {
  const { sessionAffinity = "", sessionAffinityConfig: config } = spec;
  const place = `${field}Config`;
  if (sessionAffinity === "") return [required(field)];
  if (sessionAffinity === "None")
    return config ? [forbidden(place, "must not be set when session affinity is None")] : [];
  if (sessionAffinity !== "ClientIP") return [notSupported(field, sessionAffinity, ["ClientIP", "None"])];
  const detail = "when session affinity type is ClientIP";
  if (!config) return [required(place, detail)];
  if (!config.clientIP) return [required(`${place}.clientIP`, detail)];
  const seconds = config.clientIP.timeoutSeconds;
  if (seconds === undefined) return [required(`${place}.clientIP.timeoutSeconds`, detail)];
  if (seconds > 0 && seconds <= AFFINITY_SECONDS_MAX) return [];
  const range = `must be greater than 0 and less than ${AFFINITY_SECONDS_MAX}`;
  return [invalid(`${place}.clientIP.timeoutSeconds`, seconds, range)];
}

function validateBalancer({ metadata, spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const isBalanced = spec.type === "LoadBalancer";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotated = metadata.annotations?.[RANGES_ANNOTATION];
  // The field's name in messages begins with a capital.
  const field = "spec.LoadBalancerSourceRanges";
  if (ranges.length > 0) {
    if (!isBalanced) errors.push(forbidden(field, ONLY_BALANCED));
    for (const [index, range] of ranges.entries()) errors.push(...validateBlock(range.trim(), `${field}[${index}]`));
  } else if (annotated !== undefined) {
    const place = `metadata.annotations[${RANGES_ANNOTATION}]`;
    if (!isBalanced) errors.push(forbidden(place, ONLY_BALANCED));
    for (const range of annotated.trim() === "" ? [] : annotated.split(","))
      errors.push(...validateBlock(range.trim(), place));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced)
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", ONLY_BALANCED));
  if (isBalanced && spec.allocateLoadBalancerNodePorts === undefined)
    errors.push(required("allocateLoadBalancerNodePorts"));
  return [...errors, ...validateBalancerClass({ spec })];
}

export function validateBalancerClass({ spec }: Pick<Service, "spec">): FieldError[] {
  const name = spec.loadBalancerClass;
  if (name === undefined) return [];
  if (spec.type !== "LoadBalancer") return [forbidden("spec.loadBalancerClass", ONLY_BALANCED)];
  return eachInvalid("spec.loadBalancerClass", name, qualifiedName(name));
}

function validateTraffic(service: Service): FieldError[] {
  const { spec } = service;
  const errors: FieldError[] = [];
  const { externalTrafficPolicy: outer = "", internalTrafficPolicy: inner, healthCheckNodePort: health = 0 } = spec;
  const policies = ["Cluster", "Local"];
  if (!isReachedFromOutside(service)) {
    if (outer !== "")
      errors.push(invalid("spec.externalTrafficPolicy", outer, "may only be set for externally-accessible services"));
  } else if (outer === "") errors.push(required("spec.externalTrafficPolicy"));
  else if (!policies.includes(outer)) errors.push(notSupported("spec.externalTrafficPolicy", outer, policies));
  if (needsHealthPort(service)) {
    if (health === 0) errors.push(required("spec.healthCheckNodePort"));
    else errors.push(...eachInvalid("spec.healthCheckNodePort", health, portNumber(health)));
  } else if (health !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid("spec.healthCheckNodePort", health, detail));
  }
  if (inner === undefined) {
    if (["NodePort", "LoadBalancer", "ClusterIP"].includes(spec.type ?? ""))
      errors.push(required("spec.internalTrafficPolicy"));
  } else if (!policies.includes(inner)) errors.push(notSupported("spec.internalTrafficPolicy", inner, policies));
  const distribution = spec.trafficDistribution;
  if (distribution !== undefined && !distributions.includes(distribution))
    errors.push(notSupported("spec.trafficDistribution", distribution, distributions));
  return errors;
}
