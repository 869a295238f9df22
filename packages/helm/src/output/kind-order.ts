import { compareStrings } from "@fairway/gotemplate";

/** The order in which Helm installs, and prints, resources of these kinds; other kinds follow by name. */
const installOrder: ReadonlyMap<string, number> = new Map(
  [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
  ].map((kind, position) => [kind, position]),
);

/** Sorts by kind; within a kind the order stays. */
export function sortByKind<T extends { readonly kind: string }>(resources: readonly T[]): T[] {
  return [...resources].sort((left, right) => compareKinds(left.kind, right.kind));
}

function compareKinds(left: string, right: string): number {
  const leftPosition = installOrder.get(left);
  const rightPosition = installOrder.get(right);
  if (leftPosition === undefined && rightPosition === undefined) return compareStrings(left, right);
  return (leftPosition ?? installOrder.size) - (rightPosition ?? installOrder.size);
}
