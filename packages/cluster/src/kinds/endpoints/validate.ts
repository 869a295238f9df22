import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { EndpointAddress, EndpointPort, Endpoints } from "../../schema/data/types/core-v1.ts";
import { validateAddress, validateNonSpecialAddress } from "../validation/addresses.ts";
import { eachInvalid, notSupported, required } from "../validation/errors.ts";
import { dnsLabel, dnsSubdomain, qualifiedName } from "../validation/names.ts";
import { portNumber } from "../validation/numbers.ts";

export const protocols = ["SCTP", "TCP", "UDP"];

export function validateEndpoints({ subsets }: Endpoints): FieldError[] {
  return (subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const place = `subsets[${index}]`;
    const errors: FieldError[] = [];
    if (addresses.length + notReadyAddresses.length === 0)
      errors.push(required(place, "must specify `addresses` or `notReadyAddresses`"));
    return [
      ...errors,
      ...addresses.flatMap((address, at) => validateOne(address, `${place}.addresses[${at}]`)),
      ...notReadyAddresses.flatMap((address, at) => validateOne(address, `${place}.notReadyAddresses[${at}]`)),
      ...ports.flatMap((port, at) => validatePort(port, ports.length > 1, `${place}.ports[${at}]`)),
    ];
  });
}

/** What is there already is let be, as earlier versions took more. */
export function validateEndpointsUpdate(next: Endpoints, current: Endpoints): FieldError[] {
  return equalJson(next.subsets, current.subsets) ? [] : validateEndpoints(next);
}

function validateOne({ ip, hostname = "", nodeName }: EndpointAddress, field: string): FieldError[] {
  return [
    ...validateAddress(ip, `${field}.ip`),
    ...(hostname === "" ? [] : eachInvalid(`${field}.hostname`, hostname, dnsLabel(hostname))),
    ...(nodeName === undefined ? [] : eachInvalid(`${field}.nodeName`, nodeName, dnsSubdomain(nodeName))),
    ...validateNonSpecialAddress(ip, `${field}.ip`),
  ];
}

function validatePort(
  { name = "", port, protocol = "", appProtocol }: EndpointPort,
  isNamed: boolean,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (name !== "") errors.push(...eachInvalid(`${field}.name`, name, dnsLabel(name)));
  else if (isNamed) errors.push(required(`${field}.name`));
  errors.push(...eachInvalid(`${field}.port`, port, portNumber(port)));
  if (protocol === "") errors.push(required(`${field}.protocol`));
  else if (!protocols.includes(protocol)) errors.push(notSupported(`${field}.protocol`, protocol, protocols));
  if (appProtocol !== undefined)
    errors.push(...eachInvalid(`${field}.appProtocol`, appProtocol, qualifiedName(appProtocol)));
  return errors;
}
