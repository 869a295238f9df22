import type { Role, RoleBinding, RoleObjects } from "../access/rbac/role-objects.ts";
import { prefixOf } from "../apiserver/object-store.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { Store } from "../store/store.ts";
import { followObjects } from "./stored-objects.ts";

const group = "rbac.authorization.k8s.io";

/** The roles and bindings of the store, decoded once and kept true by watching it. */
export function storedRoles(store: Store, kinds: KindRegistry): RoleObjects & { readonly close: () => void } {
  let version = 0;
  const changed = (): void => void version++;
  const clusterRoles = followObjects<Role>(store, prefixIn(kinds, "clusterroles"), changed);
  const roles = followObjects<Role>(store, prefixIn(kinds, "roles"), changed);
  const clusterRoleBindings = followObjects<RoleBinding>(store, prefixIn(kinds, "clusterrolebindings"), changed);
  const roleBindings = followObjects<RoleBinding>(store, prefixIn(kinds, "rolebindings"), changed);
  return {
    version: () => version,
    clusterRole: (name) => clusterRoles.objects.get(name),
    role: (namespace, name) => roles.objects.get(`${namespace}/${name}`),
    clusterRoleBindings: () => [...clusterRoleBindings.objects.values()],
    roleBindings: (namespace) => [...(roleBindings.byNamespace.get(namespace)?.values() ?? [])],
    close: () => {
      for (const each of [clusterRoles, roles, clusterRoleBindings, roleBindings]) each.stop();
    },
  };
}

function prefixIn(kinds: KindRegistry, plural: string): string {
  const kind = kinds.byResource(group, "v1", plural);
  if (!kind) throw new Error(`${plural}.${group} is not among the kinds that are served`);
  return prefixOf(kind);
}
