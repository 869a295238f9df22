import type { UserInfo } from "../../api/api-exchange.ts";
import { mastersGroup, type Attributes, type Decision } from "../attributes.ts";
import { ruleAllows, type PolicyRule } from "./policy-rule.ts";
import type { RoleBinding, RoleObjects, RoleRef, Subject } from "./role-objects.ts";

export interface RbacAuthorizer {
  readonly authorize: (attributes: Attributes) => Decision;
  readonly rulesFor: (user: UserInfo, namespace: string) => UserRules;
  /** The rules of a role that a binding in the namespace names; an error text when there is no such role. */
  readonly rulesOf: (ref: RoleRef, namespace: string) => readonly PolicyRule[] | string;
}

export interface UserRules {
  readonly granted: readonly Grant[];
  /** Bindings that name a role that isn't there. */
  readonly errors: readonly string[];
}

export interface Grant {
  readonly rule: PolicyRule;
  readonly by: string;
}

/** Users and namespaces whose rules are remembered; beyond it everything is worked out anew. */
const rememberedMax = 5_000;

export function createRbacAuthorizer(objects: RoleObjects): RbacAuthorizer {
  let remembered = new Map<string, UserRules>();
  let version = -1;
  const rulesFor = (user: UserInfo, namespace: string): UserRules => {
    if (version !== objects.version() || remembered.size > rememberedMax) {
      remembered = new Map();
      version = objects.version();
    }
    const key = JSON.stringify([namespace, user.name, user.groups]);
    const known = remembered.get(key) ?? findRules(objects, user, namespace);
    remembered.set(key, known);
    return known;
  };
  return {
    rulesFor,
    rulesOf: (ref, namespace) => rulesOf(objects, ref, namespace),
    authorize: (attributes) => {
      if (attributes.user.groups.includes(mastersGroup)) return { allowed: true, reason: "" };
      const { granted, errors } = rulesFor(attributes.user, attributes.kind === "resource" ? attributes.namespace : "");
      const grant = granted.find(({ rule }) => ruleAllows(rule, attributes));
      if (grant) return { allowed: true, reason: `RBAC: allowed by ${grant.by}` };
      return { allowed: false, reason: errors.length === 0 ? "" : `RBAC: ${aggregate(errors)}` };
    },
  };
}

function findRules(objects: RoleObjects, user: UserInfo, namespace: string): UserRules {
  const granted: Grant[] = [];
  const errors: string[] = [];
  const take = (binding: RoleBinding, kind: "ClusterRoleBinding" | "RoleBinding"): void => {
    const inNamespace = kind === "RoleBinding" ? namespace : "";
    const subject = binding.subjects?.find((each) => isMeant(user, each, inNamespace));
    if (!subject) return;
    const rules = rulesOf(objects, binding.roleRef, inNamespace);
    if (typeof rules === "string") {
      errors.push(rules);
      return;
    }
    const name = kind === "RoleBinding" ? `${binding.metadata.name}/${namespace}` : binding.metadata.name;
    const by = `${kind} "${name}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${describeSubject(subject, inNamespace)}`;
    granted.push(...rules.map((rule) => ({ rule, by })));
  };
  for (const binding of objects.clusterRoleBindings()) take(binding, "ClusterRoleBinding");
  if (namespace !== "") for (const binding of objects.roleBindings(namespace)) take(binding, "RoleBinding");
  return { granted, errors };
}

function rulesOf(objects: RoleObjects, ref: RoleRef, namespace: string): readonly PolicyRule[] | string {
  switch (ref.kind) {
    case "ClusterRole":
      return (
        objects.clusterRole(ref.name)?.rules ??
        missing(objects.clusterRole(ref.name), `clusterrole.rbac.authorization.k8s.io "${ref.name}" not found`)
      );
    case "Role":
      return (
        objects.role(namespace, ref.name)?.rules ??
        missing(objects.role(namespace, ref.name), `role.rbac.authorization.k8s.io "${ref.name}" not found`)
      );
    default:
      return `unsupported role reference kind: "${ref.kind}"`;
  }
}

/** A role may have no rules, which is not the same as not being there. */
function missing(role: unknown, sentence: string): readonly PolicyRule[] | string {
  return role === undefined ? sentence : [];
}

function isMeant(user: UserInfo, subject: Subject, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === user.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return namespace !== "" && user.name === `system:serviceaccount:${namespace}:${subject.name}`;
    }
    default:
      return false;
  }
}

/** Kubernetes puts the name before the namespace here. */
function describeSubject({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  return kind === "ServiceAccount" ? `${kind} "${name}/${namespace || bindingNamespace}"` : `${kind} "${name}"`;
}

/** Several errors in brackets, the same one once. */
function aggregate(errors: readonly string[]): string {
  const [first = "", ...others] = new Set(errors);
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
}
