import type { FieldError } from "../../object/field-error.ts";
import type { Pod, PodSpec, PodTemplateSpec } from "../../schema/data/types/core-v1.ts";
import { validateAddress } from "../validation/addresses.ts";
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { validateLabels } from "../validation/labels.ts";
import { validateAnnotations } from "../validation/metadata.ts";
import { dnsLabel, dnsSubdomain, qualifiedName } from "../validation/names.ts";
import type { NameRule } from "../validation/names.ts";
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
export function validatePodSpec(spec: PodSpec, field: string, errors: FieldError[] = []): FieldError[] {
  const around = { spec, volumes: validateVolumes(spec.volumes ?? [], `${field}.volumes`, errors) };
  validateContainers(around, `${field}.containers`, errors);
  validateInitContainers(around, `${field}.initContainers`, errors);
  validateEphemeralContainers(around, `${field}.ephemeralContainers`, errors);
  if (spec.resources) validateResources(spec.resources, `${field}.resources`, errors);
  if (spec.hostNetwork) validateHostPorts(spec, field, errors);
  oneOf(spec.restartPolicy, restartPolicies, `${field}.restartPolicy`, errors);
  oneOf(spec.dnsPolicy, dnsPolicies, `${field}.dnsPolicy`, errors);
  validateLabels(spec.nodeSelector, `${field}.nodeSelector`, errors);
  if (spec.securityContext) validatePodSecurity(spec.securityContext, spec, `${field}.securityContext`, errors);
  if (spec.affinity) validateAffinity(spec.affinity, `${field}.affinity`, errors);
  validateDns(spec, `${field}.dnsConfig`, errors);
  validateGates(spec, field, errors);
  if (spec.topologySpreadConstraints)
    validateSpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`, errors);
  validateNames(spec, field, errors);
  if (spec.tolerations) validateTolerations(spec.tolerations, `${field}.tolerations`, errors);
  validateRest(spec, field, errors);
  return errors;
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
  const errors: FieldError[] = [];
  validateLabels(metadata.labels, `${field}.labels`, errors);
  validateAnnotations(metadata.annotations, `${field}.annotations`, errors);
  validatePodSpec(spec, `${field}.spec`, errors);
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden(`${field}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  return errors;
}

/** In the network of the host. */
function validateHostPorts({ containers }: PodSpec, field: string, errors: FieldError[]): void {
  containers?.forEach(({ ports }, index) =>
    ports?.forEach(({ hostPort = 0, containerPort }, portIndex) => {
      if (hostPort === containerPort || hostPort === 0) return;
      const place = `${field}.containers[${index}].ports[${portIndex}].hostPort`;
      errors.push(invalid(place, hostPort, "must match `containerPort` when `hostNetwork` is true"));
    }),
  );
}

function validateDns({ dnsConfig: config, dnsPolicy }: PodSpec, field: string, errors: FieldError[]): void {
  const servers = config?.nameservers ?? [];
  if (dnsPolicy === "None" && servers.length === 0) {
    const place = config ? `${field}.nameservers` : field;
    const missing = config ? "at least one DNS nameserver" : "`dnsConfig`";
    errors.push(required(place, `must provide ${missing} when \`dnsPolicy\` is None`));
    return;
  }
  if (!config) return;
  const searches = config.searches ?? [];
  if (servers.length > NAMESERVERS_MAX)
    errors.push(invalid(`${field}.nameservers`, servers, `must not have more than ${NAMESERVERS_MAX} nameservers`));
  servers.forEach((server, index) => validateAddress(server, `${field}.nameservers[${index}]`, errors));
  if (searches.length > SEARCHES_MAX)
    errors.push(invalid(`${field}.searches`, searches, `must not have more than ${SEARCHES_MAX} search paths`));
  for (const [index, { name = "" }] of (config.options ?? []).entries())
    if (name === "") errors.push(required(`${field}.options[${index}]`, "must not be empty"));
}

function validateGates({ readinessGates, schedulingGates }: PodSpec, field: string, errors: FieldError[]): void {
  readinessGates?.forEach(({ conditionType: type }, index) => {
    for (const message of qualifiedName(type))
      errors.push(invalid(`${field}.readinessGates[${index}].conditionType`, type, message));
  });
  if (!schedulingGates) return;
  const seen = new Set<string>();
  for (const [index, { name }] of schedulingGates.entries()) {
    const place = `${field}.schedulingGates[${index}]`;
    for (const message of qualifiedName(name)) errors.push(invalid(place, name, message));
    if (seen.has(name)) errors.push(duplicate(place, name));
    seen.add(name);
  }
}

function validateNames(spec: PodSpec, field: string, errors: FieldError[]): void {
  const { serviceAccountName, nodeName, hostname, subdomain, activeDeadlineSeconds: seconds } = spec;
  validateName(serviceAccountName, dnsSubdomain, `${field}.serviceAccountName`, errors);
  validateName(nodeName, dnsSubdomain, `${field}.nodeName`, errors);
  if (seconds !== undefined && (seconds < 1 || seconds > INT32_MAX))
    errors.push(invalid(`${field}.activeDeadlineSeconds`, seconds, rangeMessage(1, INT32_MAX)));
  validateName(hostname, dnsLabel, `${field}.hostname`, errors);
  validateName(subdomain, dnsLabel, `${field}.subdomain`, errors);
  validateOverride(spec, `${field}.hostnameOverride`, errors);
}

/** Of something that is left out or empty when it isn't wanted. */
function validateName(name: string | undefined, rule: NameRule, field: string, errors: FieldError[]): void {
  if (name) for (const message of rule(name)) errors.push(invalid(field, name, message));
}

const HOSTNAME_MAX = 64;

function validateOverride(
  { hostnameOverride: name, setHostnameAsFQDN, hostNetwork }: PodSpec,
  field: string,
  errors: FieldError[],
): void {
  if (name === undefined) return;
  if (setHostnameAsFQDN) errors.push(forbidden(field, "may not be specified when setHostnameAsFQDN is true"));
  if (hostNetwork) errors.push(forbidden(field, "may not be specified when hostNetwork is true"));
  if (name.length > HOSTNAME_MAX) errors.push(tooLong(field, HOSTNAME_MAX));
  for (const message of dnsSubdomain(name)) errors.push(invalid(field, name, message));
}

function validateRest(spec: PodSpec, field: string, errors: FieldError[]): void {
  spec.hostAliases?.forEach(({ ip, hostnames }, index) => {
    validateAddress(ip, `${field}.hostAliases[${index}].ip`, errors);
    hostnames?.forEach((name, nameIndex) => {
      for (const message of dnsSubdomain(name))
        errors.push(invalid(`${field}.hostAliases[${index}].hostnames[${nameIndex}]`, name, message));
    });
  });
  validateName(spec.priorityClassName, dnsSubdomain, `${field}.priorityClassName`, errors);
  validateName(spec.runtimeClassName, dnsSubdomain, `${field}.runtimeClassName`, errors);
  oneOf(spec.preemptionPolicy, preemptionPolicies, `${field}.preemptionPolicy`, errors);
  if (spec.overhead) validateResources({ limits: spec.overhead }, `${field}.overhead`, errors);
  if (spec.os) {
    if (spec.os.name === "") errors.push(required(`${field}.os.name`));
    else if (!systems.includes(spec.os.name)) errors.push(notSupported(`${field}.os`, spec.os.name, systems));
  }
}

function oneOf(value: string | undefined, supported: readonly string[], field: string, errors: FieldError[]): void {
  if (value !== undefined && !supported.includes(value)) errors.push(notSupported(field, value, supported));
}
