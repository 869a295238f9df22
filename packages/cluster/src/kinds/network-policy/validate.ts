import type { FieldError } from "../../object/field-error.ts";
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "../../schema/data/types/networking-v1.ts";
import { isInside, parseBlock, validateBlock } from "../validation/addresses.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { portNumber, portNumberOrName } from "../validation/numbers.ts";

const TYPES_MAX = 2;
const protocols = ["TCP", "UDP", "SCTP"];
const types = ["Ingress", "Egress"];

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const errors = validateLabelSelector(spec.podSelector, "spec.podSelector");
  for (const [index, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    errors.push(...validateRule(ports, from, `spec.ingress[${index}]`, "from"));
  for (const [index, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    errors.push(...validateRule(ports, to, `spec.egress[${index}]`, "to"));
  const given = spec.policyTypes ?? [];
  if (given.length > TYPES_MAX)
    return [...errors, invalid("spec.policyTypes", given, "may not specify more than two policyTypes")];
  for (const [index, type] of given.entries())
    if (!types.includes(type)) errors.push(notSupported(`spec.policyTypes[${index}]`, type, types));
  return errors;
}

function validateRule(
  ports: readonly NetworkPolicyPort[],
  peers: readonly NetworkPolicyPeer[],
  field: string,
  direction: "from" | "to",
): FieldError[] {
  return [
    ...ports.flatMap((port, index) => validatePort(port, `${field}.ports[${index}]`)),
    ...peers.flatMap((peer, index) => validatePeer(peer, `${field}.${direction}[${index}]`)),
  ];
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${field}.protocol`, protocol, protocols));
  if (port !== undefined) {
    errors.push(...portNumberOrName(port, `${field}.port`));
    if (endPort !== undefined && typeof port === "number") {
      if (endPort < port) errors.push(invalid(`${field}.endPort`, port, "must be greater than or equal to `port`"));
      errors.push(...eachInvalid(`${field}.endPort`, endPort, portNumber(endPort)));
    } else if (endPort !== undefined) {
      errors.push(invalid(`${field}.endPort`, endPort, "may not be specified when `port` is non-numeric"));
    }
  } else if (endPort !== undefined) {
    errors.push(invalid(`${field}.endPort`, endPort, "may not be specified when `port` is not specified"));
  }
  return errors;
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, field: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, `${field}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`),
    ...(ipBlock ? validateIpBlock(ipBlock, `${field}.ipBlock`) : []),
  ];
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(field, "must specify a peer"));
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden(field, "may not specify both ipBlock and another peer"));
  return errors;
}

function validateIpBlock({ cidr, except = [] }: IPBlock, field: string): FieldError[] {
  if (cidr === "") return [required(`${field}.cidr`)];
  const whole = parseBlock(cidr);
  if (!whole) return validateBlock(cidr, `${field}.cidr`);
  return except.flatMap((text, index) => {
    const place = `${field}.except[${index}]`;
    const part = parseBlock(text);
    if (!part) return validateBlock(text, place);
    return isInside(part, whole) ? [] : [invalid(place, text, "must be a strict subset of `cidr`")];
  });
}
