import type { Gvk } from "../resource/gvk.ts";

/** The order in which a cluster wants kinds: what others need comes first, webhooks last. */
export const kindsFirst: readonly string[] = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];

export const kindsLast: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

export type KindRanks = ReadonlyMap<string, number>;

export function rankKinds(first: readonly string[], last: readonly string[]): KindRanks {
  return new Map([
    ...first.map((kind, index) => [kind, index - first.length] as const),
    ...last.map((kind, index) => [kind, index + 1] as const),
  ]);
}

const defaultRanks = rankKinds(kindsFirst, kindsLast);

export function compareKinds(
  left: Gvk,
  right: Gvk,
  textOf: (gvk: Gvk) => string,
  ranks: KindRanks = defaultRanks,
): number {
  const difference = (ranks.get(left.kind) ?? 0) - (ranks.get(right.kind) ?? 0);
  if (difference !== 0) return difference;
  const leftText = textOf(left);
  const rightText = textOf(right);
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}
