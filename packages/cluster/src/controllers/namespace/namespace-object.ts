import type { KubeObject } from "../../object/kube-object.ts";
import type { Condition } from "../../model/condition.ts";

export interface Namespace extends KubeObject {
  spec?: { readonly finalizers?: readonly string[] };
  status?: { readonly phase?: "Active" | "Terminating"; readonly conditions?: readonly Condition[] };
}

export function isActiveNamespace(namespace: Namespace | undefined): namespace is Namespace {
  return namespace !== undefined && namespace.status?.phase !== "Terminating" && !namespace.metadata.deletionTimestamp;
}
