import type { RbacAuthorizer } from "../../access/rbac/authorizer.ts";
import { refuseBinding, refuseRole } from "../../access/rbac/escalation.ts";
import type { PolicyRule } from "../../access/rbac/policy-rule.ts";
import type { RoleRef } from "../../access/rbac/role-objects.ts";
import { forbidden, notFound } from "../../apiserver/status.ts";
import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";

interface Role extends KubeObject {
  rules?: readonly PolicyRule[];
  aggregationRule?: { readonly clusterRoleSelectors?: readonly unknown[] };
}

interface Binding extends KubeObject {
  roleRef: RoleRef;
}

const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** Nobody gives away what he does not have. Not an admission plugin in Kubernetes, but at the same place. */
export function rbacEscalation(authorizer: RbacAuthorizer): AdmissionStep {
  return (request) => {
    const { kind, operation, object, old, subresource } = request;
    if (kind.group !== "rbac.authorization.k8s.io" || subresource !== "" || !object) return;
    if (operation === "UPDATE" && old && changesOwnersOnly(object, old)) return;
    if (kind.plural === "roles" || kind.plural === "clusterroles") checkRole(authorizer, request, kind.plural);
    else if (kind.plural === "rolebindings" || kind.plural === "clusterrolebindings") checkBinding(authorizer, request);
  };
}

function checkRole(
  authorizer: RbacAuthorizer,
  { user, namespace, name, operation, kind, object, old }: AdmissionRequest,
  resource: "roles" | "clusterroles",
): void {
  const role = object as Role;
  const asked = { user, namespace, name: operation === "CREATE" ? "" : name, resource };
  const why = refuseRole(authorizer, { ...asked, rules: role.rules ?? [] });
  const own = role.metadata.name ?? "";
  if (why !== undefined) throw forbidden(kind, own, why);
  if (!gathers(role) && !(old && gathers(old as Role))) return;
  if (refuseRole(authorizer, { ...asked, rules: everything }) !== undefined)
    throw forbidden(kind, own, "must have cluster-admin privileges to use the aggregationRule");
}

function gathers({ aggregationRule }: Role): boolean {
  return Boolean(aggregationRule?.clusterRoleSelectors?.length);
}

function checkBinding(authorizer: RbacAuthorizer, { user, namespace, kind, object }: AdmissionRequest): void {
  const { roleRef, metadata } = object as Binding;
  const refusal = refuseBinding(authorizer, { user, namespace, roleRef });
  switch (refusal.kind) {
    case "allowed":
      return;
    case "no such role":
      throw notFound(
        { group: kind.group, plural: roleRef.kind === "ClusterRole" ? "clusterroles" : "roles" },
        refusal.name,
      );
    case "forbidden":
      throw forbidden(kind, metadata.name ?? "", refusal.reason);
  }
}

/** What the garbage collector does to an object gives nobody anything. */
function changesOwnersOnly(next: KubeObject, before: KubeObject): boolean {
  return equalJson(withoutOwners(next), withoutOwners(before));
}

function withoutOwners({ metadata, ...rest }: KubeObject): unknown {
  const { ownerReferences: _, finalizers: __, managedFields: ___, ...others } = metadata;
  return { ...rest, metadata: others };
}
