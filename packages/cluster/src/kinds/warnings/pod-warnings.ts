import { nanosOf } from "../../object/quantity.ts";
import type {
  Affinity,
  Container,
  ContainerPort,
  EnvVar,
  EphemeralContainer,
  HostAlias,
  LocalObjectReference,
  NodeAffinity,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from "../../schema/data/types/core-v1.ts";
import { sortedKeys } from "../validation/labels.ts";
import { dnsLabel } from "../validation/names.ts";
import { addressWarnings } from "./addresses.ts";
import { labelSuccessor, nodeTermWarnings } from "./node-labels.ts";

const deprecatedAnnotations = [
  ["scheduler.alpha.kubernetes.io/critical-pod", 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  ["security.alpha.kubernetes.io/unsafe-sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
] as const;
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
const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;
const countedInBytes = ["memory", "ephemeral-storage"] as const;
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
  const warnings: string[] = [];
  const annotations = metadata.annotations ?? {};
  const field = `${prefix}spec`;
  warnOfPlacement(spec, field, warnings);
  for (const [key, message] of deprecatedAnnotations)
    if (annotations[key] !== undefined) warnings.push(`${prefix}metadata.annotations[${key}]: ${message}`);
  spec.volumes?.forEach((volume, index) => warnOfVolume(volume, `${field}.volumes[${index}]`, warnings));
  if (spec.hostAliases) warnOfAliases(spec.hostAliases, `${field}.hostAliases`, warnings);
  if (spec.imagePullSecrets) warnOfPullSecrets(spec.imagePullSecrets, `${field}.imagePullSecrets`, warnings);
  for (const name of countedInBytes) warnOfFraction(spec.overhead?.[name], `${field}.overhead[${name}]`, warnings);
  if (!spec.securityContext?.seccompProfile && annotations[SECCOMP_POD] !== undefined)
    warnings.push(`${prefix}metadata.annotations[${SECCOMP_POD}]: ${SECCOMP}`);
  const hasSeccomp = Object.keys(annotations).some((key) => key.startsWith(SECCOMP_CONTAINER));
  for (const list of containerLists)
    spec[list]?.forEach((container, index) => {
      const key = `${SECCOMP_CONTAINER}${container.name}`;
      if (hasSeccomp && !container.securityContext?.seccompProfile && annotations[key] !== undefined)
        warnings.push(`${prefix}metadata.annotations[${key}]: ${SECCOMP}`);
      warnOfContainer(container, `${field}.${list}[${index}]`, warnings);
    });
  if (hasOddPorts(spec)) warnOfPorts(spec, field, warnings);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const what = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${field}.terminationGracePeriodSeconds: ${what}`);
  }
  if (spec.affinity) warnOfPodAffinity(spec.affinity, `${field}.affinity`, warnings);
  const servers = spec.dnsConfig?.nameservers;
  if (servers) warnings.push(...addressWarnings(servers, `${field}.dnsConfig.nameservers`));
  return warnings;
}

function warnOfPlacement(spec: PodSpec, field: string, warnings: string[]): void {
  for (const key of spec.nodeSelector ? sortedKeys(spec.nodeSelector) : []) {
    const successor = labelSuccessor(key);
    if (successor !== undefined) warnings.push(`${field}.nodeSelector[${key}]: ${successor}`);
  }
  if (spec.affinity?.nodeAffinity)
    warnOfNodeAffinity(spec.affinity.nodeAffinity, `${field}.affinity.nodeAffinity`, warnings);
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, index) => {
    const at = `${field}.topologySpreadConstraints[${index}]`;
    const successor = labelSuccessor(topologyKey);
    if (successor !== undefined) warnings.push(`${at}.topologyKey: ${topologyKey} is ${successor}`);
    if (!labelSelector) warnings.push(`${at}.labelSelector: ${NO_POD}`);
  });
}

function warnOfNodeAffinity(affinity: NodeAffinity, field: string, warnings: string[]): void {
  const demanded = affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const [index, term] of demanded.entries()) {
    const at = `${field}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`;
    warnings.push(...nodeTermWarnings(term, { checksValues: false }, at));
  }
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { preference }] of preferred.entries()) {
    const at = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`;
    warnings.push(...nodeTermWarnings(preference, { checksValues: true }, at));
  }
}

function warnOfVolume(volume: Volume, field: string, warnings: string[]): void {
  for (const source of Object.keys(volume) as (keyof Volume)[]) {
    const message = deprecatedVolumes[source];
    if (message !== undefined) warnings.push(`${field}.${source === "storageos" ? "storageOS" : source}: ${message}`);
  }
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (template) warnings.push(...claimSizeWarnings(template.spec, `${field}.ephemeral.volumeClaimTemplate.spec`));
}

interface Sized {
  readonly resources: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
}

export function claimSizeWarnings({ resources }: Sized, field: string): string[] {
  const warnings: string[] = [];
  warnOfFraction(resources.requests?.["storage"], `${field}.resources.requests[storage]`, warnings);
  warnOfFraction(resources.limits?.["storage"], `${field}.resources.limits[storage]`, warnings);
  return warnings;
}

function warnOfFraction(amount: string | undefined, field: string, warnings: string[]): void {
  if (amount !== undefined && nanosOf(amount) % NANOS !== 0n)
    warnings.push(`${field}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`);
}

function warnOfAliases(aliases: readonly HostAlias[], field: string, warnings: string[]): void {
  const addresses = new Set<string>();
  for (const [index, { ip }] of aliases.entries()) {
    if (addresses.has(ip)) warnings.push(`${field}[${index}].ip: duplicate ip ${JSON.stringify(ip)}`);
    addresses.add(ip);
  }
}

function warnOfPullSecrets(secrets: readonly LocalObjectReference[], field: string, warnings: string[]): void {
  const names = new Set<string>();
  for (const [index, { name = "" }] of secrets.entries()) {
    if (names.has(name)) warnings.push(`${field}[${index}].name: duplicate name ${JSON.stringify(name)}`);
    names.add(name);
  }
  for (const [index, { name = "" }] of secrets.entries())
    if (name === "") warnings.push(`${field}[${index}].name: invalid empty name ""`);
}

function warnOfContainer({ resources, env }: Container | EphemeralContainer, field: string, warnings: string[]): void {
  for (const name of countedInBytes)
    for (const list of ["limits", "requests"] as const)
      warnOfFraction(resources[list]?.[name], `${field}.resources.${list}[${name}]`, warnings);
  const seen = new Set<string>();
  env?.forEach((variable, index) => {
    if (seen.has(variable.name) && hides(variable)) {
      const what = `hides previous definition of ${JSON.stringify(variable.name)}`;
      warnings.push(`${field}.env[${index}]: ${what}, which may be dropped when using apply`);
    }
    seen.add(variable.name);
  });
}

/** A value that adds to the earlier one is meant so. */
function hides({ name, value = "", valueFrom }: EnvVar): boolean {
  const earlier = `$(${name})`;
  return valueFrom !== undefined || value === earlier || !value.includes(earlier);
}

/** Whether a number or a name is there twice, or an address is bound: of other ports there is nothing to say. */
function hasOddPorts(spec: PodSpec): boolean {
  const seen = new Set<number | string>();
  const isOdd = ({ containerPort, name, hostIP }: ContainerPort): boolean => {
    if (hostIP || seen.has(containerPort) || (name && seen.has(name))) return true;
    seen.add(containerPort);
    if (name) seen.add(name);
    return false;
  };
  return containerLists.some((list) => spec[list]?.some(({ ports }) => ports?.some(isOdd)));
}

interface PlacedPort {
  readonly port: ContainerPort;
  readonly field: string;
}

function placedPorts(spec: PodSpec, field: string): PlacedPort[] {
  return containerLists.flatMap((list) =>
    (spec[list] ?? []).flatMap(({ ports }, index) =>
      (ports ?? []).map((port, at): PlacedPort => ({ port, field: `${field}.${list}[${index}].ports[${at}]` })),
    ),
  );
}

function warnOfPorts(spec: PodSpec, field: string, warnings: string[]): void {
  const ports = placedPorts(spec, field);
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
}

function overlap(port: ContainerPort, other: ContainerPort): string | undefined {
  const [address, otherAddress] = [port.hostIP ?? "", other.hostIP ?? ""];
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (address === otherAddress && host === otherHost) return "duplicate";
  if (host === 0 || otherHost === 0) return "overlapping";
  return host === otherHost && (address === "") !== (otherAddress === "") ? "dangerously ambiguous" : undefined;
}

function warnOfPodAffinity(affinity: Affinity, field: string, warnings: string[]): void {
  for (const list of ["podAffinity", "podAntiAffinity"] as const) {
    const demanded: readonly PodAffinityTerm[] = affinity[list]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, { labelSelector }] of demanded.entries()) {
      const at = `${field}.${list}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`;
      if (!labelSelector) warnings.push(`${at}.labelSelector: ${NO_POD}`);
    }
    const preferred = affinity[list]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, { podAffinityTerm }] of preferred.entries()) {
      const at = `${field}.${list}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      if (!podAffinityTerm.labelSelector) warnings.push(`${at}.podAffinityTerm.labelSelector: ${NO_POD}`);
    }
  }
}
