import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import type { HTTPIngressPath, Ingress, IngressBackend } from "../../schema/data/types/networking-v1.ts";
import { eachInvalid, invalid, notSupported, required } from "../validation/errors.ts";
import { dns1035Label, dnsSubdomain, pathSegmentName, wildcardSubdomain } from "../validation/names.ts";
import { portName, portNumber } from "../validation/numbers.ts";

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const badSequences = ["//", "/./", "/../", "%2f", "%2F"];
const badEndings = ["/..", "/."];

export function validateIngress({ metadata, spec }: Ingress): FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend)
    errors.push(invalid("spec", rules, "either `defaultBackend` or `rules` must be specified"));
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, "spec.defaultBackend"));
  for (const [index, { host = "", http }] of rules.entries()) {
    const place = `spec.rules[${index}]`;
    if (host !== "") errors.push(...validateHost(host, `${place}.host`));
    if (!http) continue;
    const paths = http.paths ?? [];
    if (paths.length === 0) errors.push(required(`${place}.http.paths`));
    for (const [pathIndex, path] of paths.entries())
      errors.push(...validatePath(path, `${place}.http.paths[${pathIndex}]`));
  }
  for (const [index, { hosts = [], secretName = "" }] of tls.entries()) {
    for (const [hostIndex, host] of hosts.entries()) {
      const messages = host.includes("*") ? wildcardSubdomain(host) : dnsSubdomain(host);
      errors.push(...eachInvalid(`spec.tls[${index}].hosts[${hostIndex}]`, host, messages));
    }
    if (secretName !== "")
      errors.push(...eachInvalid(`spec.tls[${index}].secretName`, secretName, dnsSubdomain(secretName)));
  }
  if (ingressClassName !== undefined)
    errors.push(...eachInvalid("spec.ingressClassName", ingressClassName, dnsSubdomain(ingressClassName)));
  const annotated = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) {
    const detail = "must match `ingressClassName` when both are specified";
    errors.push(invalid(`annotations.${CLASS_ANNOTATION}`, annotated, detail));
  }
  return errors;
}

function validateHost(host: string, field: string): FieldError[] {
  const errors = isIP(host) === 0 ? [] : [invalid(field, host, "must be a DNS name, not an IP address")];
  return [...errors, ...eachInvalid(field, host, host.includes("*") ? wildcardSubdomain(host) : dnsSubdomain(host))];
}

function validatePath({ path = "", pathType, backend }: HTTPIngressPath, field: string): FieldError[] {
  if (!pathType) return [required(`${field}.pathType`, "pathType must be specified")];
  const errors: FieldError[] = [];
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${field}.pathType`, pathType, pathTypes));
  const isPlain = pathType === "Exact" || pathType === "Prefix";
  const isFree = pathType === "ImplementationSpecific" && path === "";
  if ((isPlain || pathType === "ImplementationSpecific") && !isFree && !path.startsWith("/"))
    errors.push(invalid(`${field}.path`, path, "must be an absolute path"));
  if (isPlain) {
    for (const part of badSequences)
      if (path.includes(part)) errors.push(invalid(`${field}.path`, path, `must not contain '${part}'`));
    for (const part of badEndings)
      if (path.endsWith(part)) errors.push(invalid(`${field}.path`, path, `cannot end with '${part}'`));
  }
  return [...errors, ...validateBackend(backend, `${field}.backend`)];
}

function validateBackend({ service, resource }: IngressBackend, field: string): FieldError[] {
  if (service && resource) return [invalid(field, "", "cannot set both resource and service backends")];
  if (resource) {
    return (["kind", "name"] as const).flatMap((name) => {
      const text = resource[name];
      return text === ""
        ? [required(`${field}.resource.${name}`)]
        : eachInvalid(`${field}.resource.${name}`, text, pathSegmentName(text));
    });
  }
  if (!service) return [invalid(field, "", "resource or service backend is required")];
  const place = `${field}.service`;
  const errors =
    service.name === ""
      ? [required(`${place}.name`)]
      : eachInvalid(`${place}.name`, service.name, dns1035Label(service.name));
  const { name = "", number = 0 } = service.port ?? {};
  if (name !== "" && number !== 0) errors.push(invalid(field, "", "cannot set both port name & port number"));
  else if (name !== "") errors.push(...eachInvalid(`${place}.port.name`, name, portName(name)));
  else if (number !== 0) errors.push(...eachInvalid(`${place}.port.number`, number, portNumber(number)));
  else errors.push(required(field, "port name or number is required"));
  return errors;
}
