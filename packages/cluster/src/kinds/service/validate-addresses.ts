import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { readAddress, validateAddress } from "../validation/addresses.ts";
import { duplicate, invalid, notSupported, required } from "../validation/errors.ts";
import { HEADLESS, isHeadless } from "./service-type.ts";

const families = ["IPv4", "IPv6"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const field = "spec.clusterIPs";

export function familyOf(address: string): "IPv4" | "IPv6" {
  return isIP(readAddress(address)) === 6 ? "IPv6" : "IPv4";
}

/** The addresses of a service and the families they are of. */
export function validateServiceAddresses(service: Service): FieldError[] {
  const { spec } = service;
  if (spec.type === "ExternalName") return [];
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (clusterIP !== "") {
    if (clusterIPs.length === 0) errors.push(required(field));
    else if (clusterIPs[0] !== clusterIP) errors.push(invalid(field, clusterIPs, "first value must match `clusterIP`"));
  } else if (clusterIPs.length > 0)
    errors.push(invalid(field, clusterIPs, "must be empty when `clusterIP` is not specified"));
  const seen = new Set<string>();
  for (const [index, family] of ipFamilies.entries()) {
    const place = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) errors.push(notSupported(place, family, families));
    if (seen.has(family)) errors.push(duplicate(place, family));
    seen.add(family);
  }
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported("spec.ipFamilyPolicy", policy, policies));
  const wrong = clusterIPs.flatMap((address, index) => validateOne(clusterIPs, address, index));
  errors.push(...wrong);
  if (clusterIPs.length > 2) errors.push(invalid(field, clusterIPs, "may only hold up to 2 values"));
  return wrong.length > 0 ? errors : [...errors, ...validateFamilies(service)];
}

function validateOne(addresses: readonly string[], address: string, index: number): FieldError[] {
  if (index > 0 || address !== HEADLESS) return validateAddress(address, `${field}[${index}]`);
  return addresses.length > 1 ? [invalid(field, addresses, "'None' must be the first and only value")] : [];
}

function validateFamilies(service: Service): FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = service.spec;
  const errors: FieldError[] = [];
  const isMixed = new Set(clusterIPs.map(familyOf)).size === 2;
  if (clusterIPs.length > 1 && !isMixed)
    errors.push(invalid(field, clusterIPs, "may specify no more than one IP for each IP family"));
  if (isHeadless(service)) return errors;
  for (const [index, address] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    if (family === undefined) break;
    if (families.includes(family) && family !== familyOf(address)) {
      const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      errors.push(invalid(`${field}[${index}]`, address, detail));
    }
  }
  return errors;
}
