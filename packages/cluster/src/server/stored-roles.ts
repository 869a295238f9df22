import type { Role, RoleBinding, RoleObjects } from "../access/rbac/role-objects.ts";
import { prefixOf } from "../apiserver/object-store.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { Store } from "../store/store.ts";

const group = "rbac.authorization.k8s.io";

/** The roles and bindings of the store, decoded once and kept true by watching it. */
export function storedRoles(store: Store, kinds: KindRegistry): RoleObjects & { readonly close: () => void } {
  let version = 0;
  const changed = (): void => void version++;
  const clusterRoles = follow<Role>(store, prefixIn(kinds, "clusterroles"), changed);
  const roles = follow<Role>(store, prefixIn(kinds, "roles"), changed);
  const clusterRoleBindings = follow<RoleBinding>(store, prefixIn(kinds, "clusterrolebindings"), changed);
  const roleBindings = follow<RoleBinding>(store, prefixIn(kinds, "rolebindings"), changed);
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

interface Followed<T> {
  /** By what the key says after the prefix. */
  readonly objects: ReadonlyMap<string, T>;
  readonly byNamespace: ReadonlyMap<string, ReadonlyMap<string, T>>;
  readonly stop: () => void;
}

function follow<T>(store: Store, prefix: string, changed: () => void): Followed<T> {
  const objects = new Map<string, T>();
  const byNamespace = new Map<string, Map<string, T>>();
  const put = (key: string, value: Buffer | undefined): void => {
    const name = key.slice(prefix.length);
    const namespace = name.slice(0, Math.max(0, name.indexOf("/")));
    const members = byNamespace.get(namespace) ?? new Map<string, T>();
    byNamespace.set(namespace, members);
    if (value === undefined) {
      objects.delete(name);
      members.delete(name);
      return;
    }
    const object = JSON.parse(value.toString("utf8")) as T;
    objects.set(name, object);
    members.set(name, object);
  };
  const { values, revision } = store.range({ prefix });
  for (const { key, value } of values) put(key, value);
  const handle = store.watch(prefix, revision, {
    onEvents: (events) => {
      for (const { key, value } of events) put(key, value);
      changed();
    },
    onEnd: () => undefined,
  });
  return { objects, byNamespace, stop: handle.stop };
}
