import type { Store } from "../store/store.ts";

/** The objects below a prefix, decoded once and kept true by watching the store. */
export interface FollowedObjects<T> {
  /** By what the key says after the prefix: the name, or namespace and name. */
  readonly objects: ReadonlyMap<string, T>;
  readonly byNamespace: ReadonlyMap<string, ReadonlyMap<string, T>>;
  readonly stop: () => void;
}

export function followObjects<T>(store: Store, prefix: string, changed: () => void): FollowedObjects<T> {
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
