import type { KubeObject } from "../object/kube-object.ts";
import { isBestEffort } from "./pod-quality.ts";
import type { Affinity, PodAffinity } from "./placement.ts";
import { podAmounts } from "./pod-requests.ts";
import { isFinished } from "./pod.ts";
import type { Container, Pod } from "./pod.ts";
import { familyOf, parseQuantity } from "./quantity.ts";
import type { Quantity } from "./quantity.ts";
import { matchesRequirement } from "./selector.ts";

export interface QuotaSpec {
  readonly hard?: Readonly<Record<string, string | number>>;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
}

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator?: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

export interface Usage {
  readonly amount: Quantity;
  readonly family: "decimal" | "binary";
}

export type Usages = ReadonlyMap<string, Usage>;

const one = parseQuantity(1);

function times(count: number): Usage {
  return { amount: one * BigInt(count), family: "decimal" };
}

/** What a pod counts for in quotas. Of one that has ended only `count/pods` is left. */
export function podUsage(pod: Pod, now: number): Usages {
  const usages = new Map<string, Usage>([["count/pods", times(1)]]);
  if (isFinished(pod) || isOverdue(pod, now)) return usages;
  usages.set("pods", times(1));
  const binary = binaryNames(pod);
  const usage = (name: string, amount: Quantity): Usage => ({
    amount,
    family: binary.has(name) ? "binary" : "decimal",
  });
  for (const [name, amount] of podAmounts(pod, "requests")) {
    if (["cpu", "memory", "ephemeral-storage"].includes(name) || name.startsWith("hugepages-")) {
      usages.set(name, usage(name, amount));
    }
    usages.set(`requests.${name}`, usage(name, amount));
  }
  for (const [name, amount] of podAmounts(pod, "limits")) usages.set(`limits.${name}`, usage(name, amount));
  return usages;
}

/** A pod that should have ended by now holds nobody up. */
function isOverdue({ metadata }: Pod, now: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return now > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function binaryNames({ spec }: Pod): Set<string> {
  const names = new Set<string>();
  const all: readonly Pick<Container, "resources">[] = [
    ...spec.containers,
    ...(spec.initContainers ?? []),
    { resources: spec.resources ?? {} },
  ];
  for (const { resources } of all) {
    for (const amounts of [resources?.requests, resources?.limits]) {
      for (const [name, text] of Object.entries(amounts ?? {})) if (familyOf(text) === "binary") names.add(name);
    }
  }
  return names;
}

interface ServiceLike extends KubeObject {
  spec?: {
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly allocateLoadBalancerNodePorts?: boolean;
  };
}

export function serviceUsage({ spec }: ServiceLike): Usages {
  const ports = spec?.ports ?? [];
  const isBalanced = spec?.type === "LoadBalancer";
  const chosen = ports.filter(({ nodePort }) => (nodePort ?? 0) !== 0).length;
  const nodePorts =
    spec?.type === "NodePort" || isBalanced
      ? isBalanced && spec.allocateLoadBalancerNodePorts === false
        ? chosen
        : ports.length
      : 0;
  return new Map([
    ["count/services", times(1)],
    ["services", times(1)],
    ["services.loadbalancers", times(isBalanced ? 1 : 0)],
    ["services.nodeports", times(nodePorts)],
  ]);
}

interface ClaimLike extends KubeObject {
  spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

export function claimUsage({ metadata, spec }: ClaimLike): Usages {
  const usages = new Map([
    ["count/persistentvolumeclaims", times(1)],
    ["persistentvolumeclaims", times(1)],
  ]);
  const text = spec?.resources?.requests?.["storage"];
  const storage: Usage | undefined =
    text === undefined ? undefined : { amount: parseQuantity(text), family: familyOf(text) };
  const name = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";
  if (storage !== undefined) usages.set("requests.storage", storage);
  if (name === "") return usages;
  usages.set(`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`, times(1));
  if (storage !== undefined) usages.set(`${name}.storageclass.storage.k8s.io/requests.storage`, storage);
  return usages;
}

/** The scopes of a quota as requirements, however they are said. */
export function scopesOf({ scopes = [], scopeSelector }: QuotaSpec): ScopeRequirement[] {
  const named = scopes.map((scopeName): ScopeRequirement => ({ scopeName, operator: "Exists" }));
  return [...named, ...(scopeSelector?.matchExpressions ?? [])];
}

export function podMatchesScope(pod: Pod, { scopeName, operator, values }: ScopeRequirement): boolean {
  const isTerminating = pod.spec.activeDeadlineSeconds !== undefined;
  switch (scopeName) {
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "BestEffort":
      return isBestEffort(pod.spec);
    case "NotBestEffort":
      return !isBestEffort(pod.spec);
    case "PriorityClass": {
      const name = pod.spec.priorityClassName ?? "";
      const requirement = {
        key: scopeName,
        operator: operator ?? "Exists",
        ...(values === undefined ? {} : { values }),
      };
      return matchesRequirement(requirement, name === "" ? {} : { [scopeName]: name });
    }
    case "CrossNamespacePodAffinity":
      return reachesOtherNamespaces(pod.spec.affinity);
    default:
      return false;
  }
}

function reachesOtherNamespaces(affinity: Affinity | undefined): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((each: PodAffinity | undefined) =>
    [
      ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined),
  );
}
