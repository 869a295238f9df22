import type { UserInfo } from "../../api/api-exchange.ts";
import { mastersGroup } from "../attributes.ts";
import type { RbacAuthorizer } from "./authorizer.ts";
import { describeRules, goList, notCovered, type PolicyRule } from "./policy-rule.ts";
import type { RoleRef } from "./role-objects.ts";

const rbacGroup = "rbac.authorization.k8s.io";

interface Asked {
  readonly user: UserInfo;
  readonly namespace: string;
}

/**
 * Nobody gives rights that they don't have, unless they may `escalate` roles. The answer is why not, after "is forbidden: ", or undefined.
 */
export function refuseRole(
  authorizer: RbacAuthorizer,
  {
    user,
    namespace,
    name,
    resource,
    rules,
  }: Asked & {
    readonly name: string;
    readonly resource: "roles" | "clusterroles";
    readonly rules: readonly PolicyRule[];
  },
): string | undefined {
  const may = {
    kind: "resource",
    user,
    verb: "escalate",
    group: rbacGroup,
    version: "*",
    resource,
    subresource: "",
    namespace,
    name,
  } as const;
  if (user.groups.includes(mastersGroup) || authorizer.authorize(may).allowed) return undefined;
  return refuseRules(authorizer, { user, namespace }, rules);
}

/** The same for who binds a role; `bind` on the role allows it. A role that isn't there can't be bound without it. */
export function refuseBinding(
  authorizer: RbacAuthorizer,
  { user, namespace, roleRef }: Asked & { readonly roleRef: RoleRef },
): BindingRefusal {
  const resource = roleRef.kind === "ClusterRole" ? "clusterroles" : "roles";
  const may = {
    kind: "resource",
    user,
    verb: "bind",
    group: rbacGroup,
    version: "*",
    resource,
    subresource: "",
    namespace,
    name: roleRef.name,
  } as const;
  if (user.groups.includes(mastersGroup) || authorizer.authorize(may).allowed) return { kind: "allowed" };
  const rules = authorizer.rulesOf(roleRef, namespace);
  if (typeof rules === "string") return { kind: "no such role", name: roleRef.name };
  const reason = refuseRules(authorizer, { user, namespace }, rules);
  return reason === undefined ? { kind: "allowed" } : { kind: "forbidden", reason };
}

export type BindingRefusal =
  | { readonly kind: "allowed" }
  | { readonly kind: "forbidden"; readonly reason: string }
  /** Answered as 404: Kubernetes names the resource of the binding with the name of the role. */
  | { readonly kind: "no such role"; readonly name: string };

function refuseRules(
  authorizer: RbacAuthorizer,
  { user, namespace }: Asked,
  wanted: readonly PolicyRule[],
): string | undefined {
  const { granted, errors } = authorizer.rulesFor(user, namespace);
  const beyond = notCovered(
    granted.map(({ rule }) => rule),
    wanted,
  );
  if (beyond.length === 0) return undefined;
  const sentence = `user "${user.name}" (groups=${goList(user.groups)}) is attempting to grant RBAC permissions not currently held:`;
  const unresolved = errors.length === 0 ? "" : `; resolution errors: [${errors.join(", ")}]`;
  return `${[sentence, ...describeRules(beyond)].join("\n")}${unresolved}`;
}
