import type { FieldError } from "../../object/field-error.ts";
import type { Pod, PodDNSConfig, PodSpec, PodTemplateSpec } from "../../schema/data/types/core-v1.ts";
import { validateAddress } from "../validation/addresses.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { validateLabels } from "../validation/labels.ts";
import { validateAnnotations } from "../validation/metadata.ts";
import { dnsLabel, dnsSubdomain, qualifiedName } from "../validation/names.ts";
import { INT32_MAX, rangeMessage } from "../validation/numbers.ts";
import { validateContainers, validateEphemeralContainers, validateInitContainers } from "./validate-containers.ts";
import { validateResources } from "./validate-resources.ts";
import { validateAffinity, validateSpread, validateTolerations } from "./validate-scheduling.ts";
import { validatePodSecurity } from "./validate-security.ts";
import { validateVolumes } from "./validate-volumes.ts";

const NAMESERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const restartPolicies = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const preemptionPolicies = ["PreemptLowerPriority", "Never"];
const systems = ["linux", "windows"];

/** What is wrong with the specification of a pod, in a pod and in every template of one. */
export function validatePodSpec(spec: PodSpec, field: string): FieldError[] {
  const { errors, names: volumes } = validateVolumes(spec.volumes ?? [], `${field}.volumes`);
  const around = { spec, volumes };
  return [
    ...errors,
    ...validateContainers(around, `${field}.containers`),
    ...validateInitContainers(around, `${field}.initContainers`),
    ...validateEphemeralContainers(around, `${field}.ephemeralContainers`),
    ...(spec.resources ? validateResources(spec.resources, `${field}.resources`) : []),
    ...validateHostPorts(spec, field),
    ...oneOf(spec.restartPolicy, restartPolicies, `${field}.restartPolicy`),
    ...oneOf(spec.dnsPolicy, dnsPolicies, `${field}.dnsPolicy`),
    ...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
    ...(spec.securityContext ? validatePodSecurity(spec.securityContext, spec, `${field}.securityContext`) : []),
    ...(spec.affinity ? validateAffinity(spec.affinity, `${field}.affinity`) : []),
    ...validateDns(spec.dnsConfig, spec.dnsPolicy, `${field}.dnsConfig`),
    ...validateGates(spec, field),
    ...validateSpread(spec.topologySpreadConstraints ?? [], `${field}.topologySpreadConstraints`),
    ...validateNames(spec, field),
    ...validateTolerations(spec.tolerations ?? [], `${field}.tolerations`),
    ...validateRest(spec, field),
  ];
}

/** What is only wrong in a pod, or only when it is made. */
export function validateNewPod({ spec }: Pod): FieldError[] {
  const errors = validatePodSpec(spec, "spec");
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0)
    errors.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  return errors;
}

export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, field: string): FieldError[] {
  const errors = [
    ...validateLabels(metadata.labels, `${field}.labels`),
    ...validateAnnotations(metadata.annotations, `${field}.annotations`),
    ...validatePodSpec(spec, `${field}.spec`),
  ];
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden(`${field}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  return errors;
}

function validateHostPorts(spec: PodSpec, field: string): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort = 0, containerPort }, portIndex) => {
      if (hostPort === containerPort || hostPort === 0) return [];
      const place = `${field}.containers[${index}].ports[${portIndex}].hostPort`;
      return [invalid(place, hostPort, "must match `containerPort` when `hostNetwork` is true")];
    }),
  );
}

function validateDns(config: PodDNSConfig | undefined, policy: string | undefined, field: string): FieldError[] {
  const servers = config?.nameservers ?? [];
  if (policy === "None") {
    if (!config) return [required(field, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (servers.length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(`${field}.nameservers`, detail)];
    }
  }
  const searches = config?.searches ?? [];
  const errors: FieldError[] = [];
  if (servers.length > NAMESERVERS_MAX)
    errors.push(invalid(`${field}.nameservers`, servers, `must not have more than ${NAMESERVERS_MAX} nameservers`));
  for (const [index, server] of servers.entries())
    errors.push(...validateAddress(server, `${field}.nameservers[${index}]`));
  if (searches.length > SEARCHES_MAX)
    errors.push(invalid(`${field}.searches`, searches, `must not have more than ${SEARCHES_MAX} search paths`));
  for (const [index, { name = "" }] of (config?.options ?? []).entries())
    if (name === "") errors.push(required(`${field}.options[${index}]`, "must not be empty"));
  return errors;
}

function validateGates(spec: PodSpec, field: string): FieldError[] {
  const errors = (spec.readinessGates ?? []).flatMap(({ conditionType }, index) =>
    eachInvalid(`${field}.readinessGates[${index}].conditionType`, conditionType, qualifiedName(conditionType)),
  );
  const seen = new Set<string>();
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    const place = `${field}.schedulingGates[${index}]`;
    errors.push(...eachInvalid(place, name, qualifiedName(name)));
    if (seen.has(name)) errors.push(duplicate(place, name));
    seen.add(name);
  }
  return errors;
}

function validateNames(spec: PodSpec, field: string): FieldError[] {
  const named = (
    name: "serviceAccountName" | "nodeName" | "hostname" | "subdomain",
    rule: typeof dnsLabel,
  ): FieldError[] => {
    const text = spec[name] ?? "";
    return text === "" ? [] : eachInvalid(`${field}.${name}`, text, rule(text));
  };
  const seconds = spec.activeDeadlineSeconds;
  const isFitting = seconds === undefined || (seconds >= 1 && seconds <= INT32_MAX);
  return [
    ...named("serviceAccountName", dnsSubdomain),
    ...named("nodeName", dnsSubdomain),
    ...(isFitting ? [] : [invalid(`${field}.activeDeadlineSeconds`, seconds, rangeMessage(1, INT32_MAX))]),
    ...named("hostname", dnsLabel),
    ...named("subdomain", dnsLabel),
    ...validateOverride(spec, `${field}.hostnameOverride`),
  ];
}

const HOSTNAME_MAX = 64;

function validateOverride(
  { hostnameOverride: name, setHostnameAsFQDN, hostNetwork }: PodSpec,
  field: string,
): FieldError[] {
  if (name === undefined) return [];
  const errors: FieldError[] = [];
  if (setHostnameAsFQDN) errors.push(forbidden(field, "may not be specified when setHostnameAsFQDN is true"));
  if (hostNetwork) errors.push(forbidden(field, "may not be specified when hostNetwork is true"));
  if (name.length > HOSTNAME_MAX) errors.push(tooLong(field, HOSTNAME_MAX));
  return [...errors, ...eachInvalid(field, name, dnsSubdomain(name))];
}

function validateRest(spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    errors.push(...validateAddress(ip, `${field}.hostAliases[${index}].ip`));
    for (const [nameIndex, name] of hostnames.entries())
      errors.push(...eachInvalid(`${field}.hostAliases[${index}].hostnames[${nameIndex}]`, name, dnsSubdomain(name)));
  }
  for (const name of ["priorityClassName", "runtimeClassName"] as const) {
    const text = spec[name] ?? "";
    if (text !== "") errors.push(...eachInvalid(`${field}.${name}`, text, dnsSubdomain(text)));
  }
  errors.push(...oneOf(spec.preemptionPolicy, preemptionPolicies, `${field}.preemptionPolicy`));
  if (spec.overhead) errors.push(...validateResources({ limits: spec.overhead }, `${field}.overhead`));
  if (spec.os) {
    if (spec.os.name === "") errors.push(required(`${field}.os.name`));
    else if (!systems.includes(spec.os.name)) errors.push(notSupported(`${field}.os`, spec.os.name, systems));
  }
  return errors;
}

function oneOf(value: string | undefined, supported: readonly string[], field: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];
}
