import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { validateAddress } from "../validation/addresses.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { IMMUTABLE } from "../validation/immutable.ts";
import { dnsSubdomain } from "../validation/names.ts";
import { isHeadless, needsHealthPort } from "./service-type.ts";
import { validateBalancerClass, validateServiceSpec } from "./validate.ts";

const ONCE = "may not change once set";

export function validateServiceUpdate(next: Service, current: Service): FieldError[] {
  const errors = [...validateAddressChange(next, current), ...validateFamilyChange(next, current)];
  const isBalanced = next.spec.type === "LoadBalancer" && current.spec.type === "LoadBalancer";
  const { loadBalancerClass: name, healthCheckNodePort: health } = next.spec;
  if (isBalanced && name !== current.spec.loadBalancerClass) errors.push(invalid("spec.loadBalancerClass", name, ONCE));
  errors.push(...validateBalancerClass(next));
  if (needsHealthPort(current) && needsHealthPort(next) && health !== current.spec.healthCheckNodePort)
    errors.push(forbidden("spec.healthCheckNodePort", IMMUTABLE));
  return [...errors, ...validateServiceSpec(next, current)];
}

function validateAddressChange(next: Service, current: Service): FieldError[] {
  if (next.spec.type === "ExternalName" || current.spec.type === "ExternalName") return [];
  if (isHeadless(next) && isHeadless(current)) return [];
  const [now, before] = [next.spec.clusterIPs ?? [], current.spec.clusterIPs ?? []];
  if (now.length === before.length)
    return before.flatMap((address, index) =>
      address === now[index] ? [] : [invalid(`spec.clusterIPs[${index}]`, now, ONCE)],
    );
  const errors: FieldError[] = [];
  const isChanged = before.length > 0 && now.length > 0 && now[0] !== before[0];
  if (now.length === 0) errors.push(invalid("spec.clusterIPs[0]", now, "primary clusterIP can not be unset"));
  if (isChanged) errors.push(invalid("spec.clusterIPs[0]", now, ONCE));
  if (before.length > now.length && now.length === 1 && next.spec.ipFamilyPolicy !== "SingleStack") {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid("spec.ipFamilyPolicy", next.spec.ipFamilyPolicy, detail));
  }
  return errors;
}

function validateFamilyChange(next: Service, current: Service): FieldError[] {
  if (next.spec.type === "ExternalName" || current.spec.type === "ExternalName") return [];
  if (isHeadless(next) || isHeadless(current)) return [];
  const [now, before] = [next.spec.ipFamilies ?? [], current.spec.ipFamilies ?? []];
  const place = "spec.ipFamilies[0]";
  if (now.length === before.length)
    return before.flatMap((family, index) => (family === now[index] ? [] : [invalid(place, now, ONCE)]));
  const errors: FieldError[] = [];
  const addresses = next.spec.clusterIPs ?? [];
  if (before.length > now.length && addresses.length === 0)
    errors.push(invalid(place, now, "primary ipFamily can not be unset"));
  if (now.length > 0 && before.length > 0 && now[0] !== before[0]) errors.push(invalid(place, addresses, ONCE));
  if (before.length > now.length && now.length === 1 && next.spec.ipFamilyPolicy !== "SingleStack") {
    const detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.push(invalid("spec.ipFamilyPolicy", next.spec.ipFamilyPolicy, detail));
  }
  return errors;
}

/** The addresses that a balancer got. */
export function validateServiceStatus({ spec, status }: Service): FieldError[] {
  return validateBalancerStatus(status.loadBalancer.ingress ?? [], spec.type === "LoadBalancer", "status.loadBalancer");
}

interface Balanced {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ipMode?: string;
}

function validateBalancerStatus(list: readonly Balanced[], isBalanced: boolean, field: string): FieldError[] {
  if (!isBalanced && list.length > 0)
    return [forbidden(`${field}.ingress`, "may only be used when `spec.type` is 'LoadBalancer'")];
  return list.flatMap(({ ip = "", hostname = "", ipMode }, index) => {
    const place = `${field}.ingress[${index}]`;
    const errors = ip === "" ? [] : validateAddress(ip, `${place}.ip`);
    if (ipMode === undefined) {
      if (ip !== "") errors.push(required(`${place}.ipMode`, "must be specified when `ip` is set"));
    } else if (ip === "") errors.push(forbidden(`${place}.ipMode`, "may not be specified when `ip` is not set"));
    else if (ipMode !== "Proxy" && ipMode !== "VIP")
      errors.push(notSupported(`${place}.ipMode`, ipMode, ["Proxy", "VIP"]));
    if (hostname === "") return errors;
    errors.push(...eachInvalid(`${place}.hostname`, hostname, dnsSubdomain(hostname)));
    if (isIP(hostname) !== 0)
      errors.push(invalid(`${place}.hostname`, hostname, "must be a DNS name, not an IP address"));
    return errors;
  });
}
