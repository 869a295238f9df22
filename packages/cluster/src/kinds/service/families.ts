import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { invalid } from "../validation/errors.ts";
import { HEADLESS, needsAddress, needsHealthPort, needsNodePorts, nodePortsOf } from "./service-type.ts";
import { familyOf, validateServiceAddresses } from "./validate-addresses.ts";

/** The cluster's services have addresses of this family alone. */
const FAMILY = "IPv4";

/** Two fields of one meaning follow each other, and what was given to the service stays when its author does not say it again. */
export function completeAddresses({ spec }: Service, before: Service | undefined): void {
  if (!before) {
    if (spec.clusterIP && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP];
    return;
  }
  keepAllocations({ spec }, before);
  const [own, former] = [spec.clusterIP ?? "", before.spec.clusterIP ?? ""];
  if (own === former) {
    if ((spec.clusterIPs ?? []).length === 0 && before.spec.clusterIPs) spec.clusterIPs = [...before.spec.clusterIPs];
    return;
  }
  if (!equalJson(spec.clusterIPs ?? [], before.spec.clusterIPs ?? [])) return;
  if (own === "") delete spec.clusterIPs;
  else spec.clusterIPs = [own];
}

function keepAllocations({ spec }: Pick<Service, "spec">, before: Service): void {
  const next = { spec } as Service;
  if (needsAddress(before) && needsAddress(next)) {
    if (!spec.clusterIP && before.spec.clusterIP) spec.clusterIP = before.spec.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && before.spec.clusterIPs) spec.clusterIPs = [...before.spec.clusterIPs];
  }
  if (needsNodePorts(before) && needsNodePorts(next)) {
    const own = new Set(nodePortsOf(next));
    const used = new Set(nodePortsOf(before).filter((port) => own.has(port)));
    const byName = new Map((before.spec.ports ?? []).map(({ name = "", nodePort = 0 }) => [name, nodePort]));
    for (const port of spec.ports ?? []) {
      const former = byName.get(port.name ?? "") ?? 0;
      if (!port.nodePort && former !== 0 && !used.has(former)) port.nodePort = former;
    }
  }
  if (needsHealthPort(before) && needsHealthPort(next) && !spec.healthCheckNodePort && before.spec.healthCheckNodePort)
    spec.healthCheckNodePort = before.spec.healthCheckNodePort;
}

/** Which families the service has, from what its author says and what the cluster has. */
export function completeFamilies(service: Service, before: Service | undefined): FieldError[] {
  const { spec } = service;
  if (!needsAddress(service) || isSettledDualStack(service, before)) return [];
  const isBare = spec.clusterIP === HEADLESS && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= before?.spec.ipFamilyPolicy ?? (isBare ? "RequireDualStack" : "SingleStack");
  const wrong = validateServiceAddresses(service);
  if (wrong.length > 0) return wrong;
  const errors = before ? reduceFamilies(service, before) : [];
  errors.push(...validateSingle(service), ...inferFamilies(service));
  if (errors.length > 0) return errors;
  if (isBare) {
    // Nobody knows what its endpoints will be, so it may have both.
    const families = (spec.ipFamilies ??= [FAMILY]);
    if (families.length < 2 && spec.ipFamilyPolicy !== "SingleStack")
      families.push(families[0] === "IPv4" ? "IPv6" : "IPv4");
    return [];
  }
  return demandConfigured(service);
}

/** It keeps what it has as long as its author changes none of it. */
export function isSettledDualStack({ spec }: Service, before: Service | undefined): boolean {
  return (
    before !== undefined &&
    spec.ipFamilyPolicy === "PreferDualStack" &&
    (before.spec.ipFamilyPolicy ?? "PreferDualStack") === "PreferDualStack" &&
    before.spec.type === spec.type &&
    spec.type !== "ExternalName" &&
    equalJson(spec.clusterIPs ?? [], before.spec.clusterIPs ?? []) &&
    equalJson(spec.ipFamilies ?? [], before.spec.ipFamilies ?? [])
  );
}

const POLICY = "spec.ipFamilyPolicy";

function reduceFamilies({ spec }: Service, before: Service): FieldError[] {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy: policy } = spec;
  const [addresses, families] = [before.spec.clusterIPs ?? [], before.spec.ipFamilies ?? []];
  if (policy === "SingleStack") {
    if (equalJson(clusterIPs, addresses) && clusterIPs.length > 1) spec.clusterIPs = clusterIPs.slice(0, 1);
    if (equalJson(ipFamilies, families) && ipFamilies.length > 1) spec.ipFamilies = ipFamilies.slice(0, 1);
    return [];
  }
  const errors: FieldError[] = [];
  if (clusterIPs.length > 0 && clusterIPs.length < addresses.length)
    errors.push(invalid(POLICY, policy, "must be 'SingleStack' to release the secondary cluster IP"));
  if (ipFamilies.length > 0 && ipFamilies.length < families.length)
    errors.push(invalid(POLICY, policy, "must be 'SingleStack' to release the secondary IP family"));
  return errors;
}

function validateSingle({ spec }: Service): FieldError[] {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy: policy } = spec;
  if (policy !== "SingleStack") return [];
  const detail = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  return [
    ...(clusterIPs.length === 2 ? [invalid(POLICY, policy, `${detail} cluster IPs are specified`)] : []),
    ...(ipFamilies.length === 2 ? [invalid(POLICY, policy, `${detail} IP families are specified`)] : []),
  ];
}

function inferFamilies({ spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === HEADLESS) break;
    if (index < (spec.ipFamilies ?? []).length) continue;
    const family = familyOf(address);
    if (family === FAMILY) (spec.ipFamilies ??= []).push(family);
    else {
      const detail = `${family} is not configured on this cluster`;
      errors.push(invalid(`spec.clusterIPs[${index}]`, spec.clusterIPs, detail));
    }
  }
  return errors;
}

function demandConfigured({ spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === "RequireDualStack")
    errors.push(invalid(POLICY, spec.ipFamilyPolicy, "this cluster is not configured for dual-stack services"));
  for (const [index, family] of (spec.ipFamilies ?? []).entries())
    if (family !== FAMILY) errors.push(invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  if (errors.length === 0 && (spec.ipFamilies ?? []).length === 0) spec.ipFamilies = [FAMILY];
  return errors;
}
