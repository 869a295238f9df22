import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from "../../schema/data/types/discovery-v1.ts";
import { readAddress, validateAddress, validateNonSpecialAddress } from "../validation/addresses.ts";
import { duplicate, eachInvalid, invalid, notSupported, required, tooMany } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { validateLabels } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain, fullName, labelValue, qualifiedName } from "../validation/names.ts";
import { protocols } from "./validate.ts";

const ADDRESSES_MAX = 100;
const ENDPOINTS_MAX = 1000;
const HINTS_MAX = 8;
const PORTS_MAX = 20_000;
const TOPOLOGY_MAX = 16;
const types = ["FQDN", "IPv4", "IPv6"];

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  return [...validateRest(slice), ...validateEndpoints(slice)];
}

export function validateEndpointSliceUpdate(next: EndpointSlice, current: EndpointSlice): FieldError[] {
  return [
    ...validateRest(next),
    ...(equalJson(next.endpoints, current.endpoints) ? [] : validateEndpoints(next)),
    ...immutable(next.addressType, current.addressType, "addressType"),
  ];
}

function validateRest({ addressType: type, ports }: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  if (type === "") errors.push(required("addressType"));
  else if (!types.includes(type)) errors.push(notSupported("addressType", type, types));
  return [...errors, ...validatePorts(ports ?? [])];
}

function validatePorts(ports: readonly EndpointPort[]): FieldError[] {
  if (ports.length > PORTS_MAX) return [tooMany("ports", ports.length, PORTS_MAX)];
  const names = new Set<string>();
  return ports.flatMap(({ name = "", protocol, appProtocol }, index) => {
    const place = `ports[${index}]`;
    const errors = name === "" ? [] : eachInvalid(`${place}.name`, name, dnsLabel(name));
    if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${place}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${place}.protocol`, protocol, protocols));
    if (appProtocol !== undefined)
      errors.push(...eachInvalid(`${place}.appProtocol`, appProtocol, qualifiedName(appProtocol)));
    return errors;
  });
}

function validateEndpoints({ endpoints, addressType }: EndpointSlice): FieldError[] {
  const list = endpoints ?? [];
  if (list.length > ENDPOINTS_MAX) return [tooMany("endpoints", list.length, ENDPOINTS_MAX)];
  return list.flatMap((endpoint, index) => validateEndpoint(endpoint, addressType, `endpoints[${index}]`));
}

function validateEndpoint(endpoint: Endpoint, type: string, field: string): FieldError[] {
  const { nodeName, hostname, hints, deprecatedTopology: topology = {} } = endpoint;
  const addresses = endpoint.addresses ?? [];
  const place = `${field}.addresses`;
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(place, "must contain at least 1 address"));
  else if (addresses.length > ADDRESSES_MAX) errors.push(tooMany(place, addresses.length, ADDRESSES_MAX));
  for (const [index, address] of addresses.entries())
    errors.push(...validateOne(address, type, { field: place, place: `${place}[${index}]` }));
  if (nodeName !== undefined) errors.push(...eachInvalid(`${field}.nodeName`, nodeName, dnsSubdomain(nodeName)));
  const count = Object.keys(topology).length;
  if (count > TOPOLOGY_MAX) errors.push(tooMany(`${field}.deprecatedTopology`, count, TOPOLOGY_MAX));
  errors.push(...validateLabels(topology, `${field}.deprecatedTopology`));
  if (hostname !== undefined) errors.push(...eachInvalid(`${field}.hostname`, hostname, dnsLabel(hostname)));
  return [...errors, ...(hints ? validateHints(hints, `${field}.hints`) : [])];
}

function validateOne(
  address: string,
  type: string,
  { field, place }: { readonly field: string; readonly place: string },
): FieldError[] {
  if (type === "FQDN") return eachInvalid(place, address, fullName(address));
  if (type !== "IPv4" && type !== "IPv6") return [];
  const errors = validateAddress(address, place);
  if (errors.length > 0) return errors;
  if (isIP(readAddress(address)) !== (type === "IPv4" ? 4 : 6))
    errors.push(invalid(field, address, `must be an ${type} address`));
  return [...errors, ...validateNonSpecialAddress(address, place)];
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, field: string): FieldError[] {
  if (forZones.length > HINTS_MAX) return [tooMany(`${field}.forZones`, forZones.length, HINTS_MAX)];
  const errors = validateNamed(forZones, labelValue, `${field}.forZones`);
  if (forNodes.length > HINTS_MAX) return [...errors, tooMany(`${field}.forNodes`, forNodes.length, HINTS_MAX)];
  return [...errors, ...validateNamed(forNodes, dnsSubdomain, `${field}.forNodes`)];
}

function validateNamed(
  list: readonly { readonly name: string }[],
  rule: (name: string) => readonly string[],
  field: string,
): FieldError[] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, index) => {
    const place = `${field}[${index}].name`;
    const errors = seen.has(name) ? [duplicate(place, name)] : [];
    seen.add(name);
    return [...errors, ...eachInvalid(place, name, rule(name))];
  });
}
