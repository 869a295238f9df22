import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import type { Ingress, IngressClass, IPAddress, ServiceCIDR } from "../../schema/data/types/networking-v1.ts";
import {
  addressNumber,
  canonicalAddress,
  parseBlock,
  validateAddress,
  validateBlock,
} from "../validation/addresses.ts";
import { domainPath } from "../validation/domain-path.ts";
import { eachInvalid, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { IMMUTABLE, immutable } from "../validation/immutable.ts";
import { internalJson } from "../validation/internal-json.ts";
import { byteLength, dnsLabel, dnsSubdomain, pathSegmentName } from "../validation/names.ts";

const CONTROLLER_BYTES_MAX = 250;

export function validateIngressClass({ spec }: IngressClass): FieldError[] {
  const { controller = "", parameters } = spec;
  const errors: FieldError[] = [];
  if (byteLength(controller) > CONTROLLER_BYTES_MAX) errors.push(tooLong("spec.controller", CONTROLLER_BYTES_MAX));
  errors.push(...domainPath(controller, "spec.controller"));
  return [...errors, ...(parameters ? validateParameters(parameters, "spec.parameters") : [])];
}

export function validateIngressClassUpdate(next: IngressClass, current: IngressClass): FieldError[] {
  return immutable(next.spec.controller ?? "", current.spec.controller ?? "", "spec.controller");
}

function validateParameters(
  { apiGroup, kind, name, scope, namespace }: NonNullable<IngressClass["spec"]["parameters"]>,
  field: string,
): FieldError[] {
  const errors = apiGroup === undefined ? [] : eachInvalid(`${field}.apiGroup`, apiGroup, dnsSubdomain(apiGroup));
  for (const [part, text] of [
    ["kind", kind],
    ["name", name],
  ] as const) {
    if (text === "") errors.push(required(`${field}.${part}`));
    else errors.push(...eachInvalid(`${field}.${part}`, text, pathSegmentName(text)));
  }
  if (scope === undefined) return [...errors, required(`${field}.scope`)];
  if (scope !== "Cluster" && scope !== "Namespace")
    return [...errors, notSupported(`${field}.scope`, scope, ["Cluster", "Namespace"])];
  const place = `${field}.namespace`;
  if (scope === "Cluster")
    return namespace === undefined ? errors : [...errors, forbidden(place, "`parameters.scope` is set to 'Cluster'")];
  if (namespace === undefined) return [...errors, required(place, "`parameters.scope` is set to 'Namespace'")];
  return [...errors, ...eachInvalid(place, namespace, dnsLabel(namespace))];
}

/** An address is its own name, so that nobody else can have it. */
export function addressName(name: string): readonly string[] {
  if (isIP(name) === 0) return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  const proper = canonicalAddress(name);
  return proper === name ? [] : [`must be in canonical form ("${proper}")`];
}

export function validateIpAddress({ spec: { parentRef: parent } }: IPAddress): FieldError[] {
  const field = "spec.parentRef";
  if (!parent) return [required(field)];
  const { group = "", resource = "", name = "", namespace = "" } = parent;
  const errors = group === "" ? [] : eachInvalid(`${field}.group`, group, dnsSubdomain(group));
  for (const [part, text] of Object.entries({ resource, name })) {
    if (text === "") errors.push(required(`${field}.${part}`));
    else errors.push(...eachInvalid(`${field}.${part}`, text, pathSegmentName(text)));
  }
  return namespace === ""
    ? errors
    : [...errors, ...eachInvalid(`${field}.namespace`, namespace, pathSegmentName(namespace))];
}

const noParent = { group: "", resource: "", namespace: "", name: "" };

export function validateIpAddressUpdate(next: IPAddress, current: IPAddress): FieldError[] {
  const shown = ({ spec: { parentRef } }: IPAddress): unknown =>
    parentRef && internalJson({ ...parentRef }, ["group", "resource", "namespace", "name"], noParent);
  return immutable(shown(next), shown(current), "spec.parentRef");
}

export function validateServiceCidr({ spec }: ServiceCIDR): FieldError[] {
  const blocks = spec.cidrs ?? [];
  const field = "spec.cidrs";
  if (blocks.length === 0) return [required(field, "at least one CIDR required")];
  if (blocks.length > 2) return [invalid(field, { CIDRs: blocks }, "may only hold up to 2 values")];
  const errors = blocks.flatMap((block, index) => validateProperBlock(block, `${field}[${index}]`));
  const [first, second] = blocks.map(parseBlock);
  if (first && second && first.family === second.family) {
    const detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
    errors.push(invalid(field, blocks, detail));
  }
  return errors;
}

/** Nothing may stand behind the prefix, and there is one way to write it. */
function validateProperBlock(text: string, field: string): FieldError[] {
  const block = parseBlock(text);
  if (!block) return validateBlock(text, field);
  const [address = ""] = text.split("/");
  const isExact = addressNumber(address) === block.start;
  return isExact ? [] : [invalid(field, text, "must not have bits set beyond the prefix length")];
}

export function validateServiceCidrUpdate(next: ServiceCIDR, current: ServiceCIDR): FieldError[] {
  const [now, before] = [next.spec.cidrs ?? [], current.spec.cidrs ?? []];
  const changed = before.flatMap((block, index) =>
    block === now[index] ? [] : [invalid(`spec.cidrs[${index}]`, now[index], IMMUTABLE)],
  );
  if (now.length === before.length) return changed;
  if (before.length === 1 && now.length === 2) return [...changed, ...validateServiceCidr(next)];
  return [invalid("spec.cidrs", now, IMMUTABLE)];
}

export function validateIngressStatus({ status }: Ingress): FieldError[] {
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip = "", hostname = "" }, index) => {
    const place = `status.loadBalancer.ingress[${index}]`;
    const errors = ip === "" ? [] : validateAddress(ip, `${place}.ip`);
    if (hostname === "") return errors;
    errors.push(...eachInvalid(`${place}.hostname`, hostname, dnsSubdomain(hostname)));
    return isIP(hostname) === 0
      ? errors
      : [...errors, invalid(`${place}.hostname`, hostname, "must be a DNS name, not an IP address")];
  });
}
