import { nanosOf } from "../../object/quantity.ts";
import type {
  Container,
  ContainerPort,
  EnvVar,
  EphemeralContainer,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from "../../schema/data/types/core-v1.ts";
import { sortedEntries } from "../validation/labels.ts";
import { dnsLabel } from "../validation/names.ts";
import { addressWarnings } from "./addresses.ts";
import { labelSuccessor, nodeTermWarnings } from "./node-labels.ts";

const deprecatedAnnotations: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};
const deprecatedVolumes: Readonly<Partial<Record<keyof Volume, string>>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const NO_POD = "a null labelSelector results in matching no pod";
const NANOS = 1_000_000_000n;

/** A name that is part of the names of pods should fit into the network's. */
export function nameWarnings(name: string | undefined, use: string): string[] {
  const messages = dnsLabel(name ?? "");
  if (messages.length === 0) return [];
  const why = "which can result in surprising behavior; a DNS label is recommended";
  return [`metadata.name: this is used in ${use}, ${why}: [${messages.join(" ")}]`];
}

export const OF_PODS = "Pod names and hostnames";
export const OF_THE_POD = "the Pod's hostname";

/** What is allowed and hardly meant, in a pod (without a prefix) and in templates (`spec.template.`). */
export function podWarnings({ metadata, spec }: Pick<PodTemplateSpec, "metadata" | "spec">, prefix = ""): string[] {
  const annotations = metadata.annotations ?? {};
  const warnings = [...placementWarnings(spec, `${prefix}spec`)];
  for (const [key, message] of Object.entries(deprecatedAnnotations))
    if (annotations[key] !== undefined) warnings.push(`${prefix}metadata.annotations[${key}]: ${message}`);
  for (const [index, volume] of (spec.volumes ?? []).entries())
    warnings.push(...volumeWarnings(volume, `${prefix}spec.volumes[${index}]`));
  warnings.push(...duplicateWarnings(spec, `${prefix}spec`));
  for (const name of ["memory", "ephemeral-storage"])
    warnings.push(...wholeBytes(spec.overhead?.[name], `${prefix}spec.overhead[${name}]`));
  if (!spec.securityContext?.seccompProfile && annotations[SECCOMP_POD] !== undefined)
    warnings.push(`${prefix}metadata.annotations[${SECCOMP_POD}]: ${SECCOMP}`);
  const containers = placedContainers(spec, `${prefix}spec`);
  for (const [container, field] of containers) {
    const key = `${SECCOMP_CONTAINER}${container.name}`;
    if (!container.securityContext?.seccompProfile && annotations[key] !== undefined)
      warnings.push(`${prefix}metadata.annotations[${key}]: ${SECCOMP}`);
    warnings.push(...containerWarnings(container, field));
  }
  warnings.push(...portWarnings(containers));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const what = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${prefix}spec.terminationGracePeriodSeconds: ${what}`);
  }
  warnings.push(...affinityWarnings(spec, `${prefix}spec.affinity`));
  warnings.push(...addressWarnings(spec.dnsConfig?.nameservers ?? [], `${prefix}spec.dnsConfig.nameservers`));
  return warnings;
}

function placementWarnings(spec: PodSpec, field: string): string[] {
  const warnings: string[] = [];
  for (const [key] of sortedEntries(spec.nodeSelector)) {
    const successor = labelSuccessor(key);
    if (successor !== undefined) warnings.push(`${field}.nodeSelector[${key}]: ${successor}`);
  }
  const affinity = spec.affinity?.nodeAffinity;
  const place = `${field}.affinity.nodeAffinity`;
  const demanded = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const [index, term] of demanded.entries()) {
    const at = `${place}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`;
    warnings.push(...nodeTermWarnings(term, { checksValues: false }, at));
  }
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { preference }] of preferred.entries()) {
    const at = `${place}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`;
    warnings.push(...nodeTermWarnings(preference, { checksValues: true }, at));
  }
  for (const [index, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const at = `${field}.topologySpreadConstraints[${index}]`;
    const successor = labelSuccessor(topologyKey);
    if (successor !== undefined) warnings.push(`${at}.topologyKey: ${topologyKey} is ${successor}`);
    if (!labelSelector) warnings.push(`${at}.labelSelector: ${NO_POD}`);
  }
  return warnings;
}

function volumeWarnings(volume: Volume, field: string): string[] {
  const warnings = (Object.keys(deprecatedVolumes) as (keyof Volume)[])
    .filter((source) => volume[source])
    .map((source) => `${field}.${source === "storageos" ? "storageOS" : source}: ${deprecatedVolumes[source] ?? ""}`);
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (template) warnings.push(...claimSizeWarnings(template.spec, `${field}.ephemeral.volumeClaimTemplate.spec`));
  return warnings;
}

interface Sized {
  readonly resources: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
}

export function claimSizeWarnings({ resources }: Sized, field: string): string[] {
  return (["requests", "limits"] as const).flatMap((list) =>
    wholeBytes(resources[list]?.["storage"], `${field}.resources.${list}[storage]`),
  );
}

function wholeBytes(amount: string | undefined, field: string): string[] {
  if (amount === undefined || nanosOf(amount) % NANOS === 0n) return [];
  return [`${field}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
}

function duplicateWarnings(spec: PodSpec, field: string): string[] {
  const warnings: string[] = [];
  const addresses = new Set<string>();
  for (const [index, { ip }] of (spec.hostAliases ?? []).entries()) {
    if (addresses.has(ip)) warnings.push(`${field}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`);
    addresses.add(ip);
  }
  const names = new Set<string>();
  const secrets = spec.imagePullSecrets ?? [];
  for (const [index, { name = "" }] of secrets.entries()) {
    const place = `${field}.imagePullSecrets[${index}].name`;
    if (names.has(name)) warnings.push(`${place}: duplicate name ${JSON.stringify(name)}`);
    names.add(name);
  }
  for (const [index, { name = "" }] of secrets.entries())
    if (name === "") warnings.push(`${field}.imagePullSecrets[${index}].name: invalid empty name ""`);
  return warnings;
}

type Placed = readonly [Container | EphemeralContainer, string];

function placedContainers(spec: PodSpec, field: string): Placed[] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index): Placed => [container, `${field}.${list}[${index}]`]),
  );
}

function containerWarnings({ resources, env }: Container | EphemeralContainer, field: string): string[] {
  const warnings = ["memory", "ephemeral-storage"].flatMap((name) =>
    (["limits", "requests"] as const).flatMap((list) =>
      wholeBytes(resources[list]?.[name], `${field}.resources.${list}[${name}]`),
    ),
  );
  const seen = new Set<string>();
  for (const [index, variable] of (env ?? []).entries()) {
    if (seen.has(variable.name) && hides(variable)) {
      const what = `hides previous definition of ${JSON.stringify(variable.name)}`;
      warnings.push(`${field}.env[${index}]: ${what}, which may be dropped when using apply`);
    }
    seen.add(variable.name);
  }
  return warnings;
}

/** A value that adds to the earlier one is meant so. */
function hides({ name, value = "", valueFrom }: EnvVar): boolean {
  const earlier = `$(${name})`;
  return valueFrom !== undefined || value === earlier || !value.includes(earlier);
}

interface PlacedPort {
  readonly port: ContainerPort;
  readonly field: string;
}

function portWarnings(containers: readonly Placed[]): string[] {
  const ports = containers.flatMap(([container, field]) =>
    (container.ports ?? []).map((port, index): PlacedPort => ({ port, field: `${field}.ports[${index}]` })),
  );
  const warnings: string[] = [];
  const known = new Map<string, PlacedPort[]>();
  for (const each of ports) {
    const { hostIP = "", hostPort = 0, containerPort, protocol = "", name = "" } = each.port;
    if (hostIP !== "" && hostPort === 0) {
      const shown = `{Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
      warnings.push(`${each.field}: hostIP set without hostPort: ${shown}`);
    }
    const key = `${containerPort}/${protocol}`;
    const others = known.get(key) ?? [];
    for (const other of others) {
      const what = overlap(each.port, other.port);
      if (what !== undefined) warnings.push(`${each.field}: ${what} port definition with ${other.field}`);
    }
    known.set(key, [...others, each]);
  }
  const names = new Map<string, string>();
  for (const { port, field } of ports) {
    if (!port.name) continue;
    const other = names.get(port.name);
    if (other === undefined) names.set(port.name, field);
    else {
      const what = `duplicate port name ${JSON.stringify(port.name)} with ${other}`;
      warnings.push(`${field}: ${what}, services and probes that select ports by name will use ${other}`);
    }
  }
  return warnings;
}

function overlap(port: ContainerPort, other: ContainerPort): string | undefined {
  const [address, otherAddress] = [port.hostIP ?? "", other.hostIP ?? ""];
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (address === otherAddress && host === otherHost) return "duplicate";
  if (host === 0 || otherHost === 0) return "overlapping";
  return host === otherHost && (address === "") !== (otherAddress === "") ? "dangerously ambiguous" : undefined;
}

function affinityWarnings({ affinity }: PodSpec, field: string): string[] {
  const warnings: string[] = [];
  for (const list of ["podAffinity", "podAntiAffinity"] as const) {
    const demanded: readonly PodAffinityTerm[] = affinity?.[list]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, { labelSelector }] of demanded.entries()) {
      const at = `${field}.${list}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`;
      if (!labelSelector) warnings.push(`${at}.labelSelector: ${NO_POD}`);
    }
    const preferred = affinity?.[list]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, { podAffinityTerm }] of preferred.entries()) {
      const at = `${field}.${list}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      if (!podAffinityTerm.labelSelector) warnings.push(`${at}.podAffinityTerm.labelSelector: ${NO_POD}`);
    }
  }
  return warnings;
}
