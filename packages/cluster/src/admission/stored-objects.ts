import { prefixOf } from "../apiserver/object-store.ts";
import type { Kind, KindRegistry } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Store } from "../store/store.ts";

/** The objects that decide about others, decoded once and kept true by watching. Nobody may change what it hands out. */
export interface StoredObjects {
  readonly get: <T extends KubeObject = KubeObject>(of: ResourceName, namespace: string, name: string) => T | undefined;
  readonly list: <T extends KubeObject = KubeObject>(of: ResourceName, namespace?: string) => readonly T[];
  /** Another number whenever something of the kind has changed. */
  readonly version: (of: ResourceName) => number;
  /** Read anew: for kinds of which there are many, and few questions. */
  readonly read: <T extends KubeObject = KubeObject>(
    of: ResourceName,
    namespace: string,
    name?: string,
  ) => readonly T[];
}

/** `limitranges`, `storageclasses.storage.k8s.io`. */
export type ResourceName = string;

export function storedObjects(store: Store, kinds: KindRegistry): StoredObjects {
  const followed = new Map<ResourceName, Followed>();
  const follow = (of: ResourceName): Followed | undefined => {
    const known = followed.get(of);
    if (known) return known;
    const kind = kindNamed(kinds, of);
    if (!kind) return undefined;
    const made = new Followed(store, prefixOf(kind));
    followed.set(of, made);
    return made;
  };
  // Every kind has its own type; what is stored under its name has passed its schema.
  return {
    get: (of, namespace, name) => follow(of)?.get(namespace, name) as never,
    list: (of, namespace) => (follow(of)?.list(namespace) ?? none) as never,
    version: (of) => follow(of)?.version ?? 0,
    read: (of, namespace, name) => {
      const kind = kindNamed(kinds, of);
      if (!kind) return [];
      const prefix = prefixOf(kind, namespace);
      const only = name === undefined ? undefined : store.get(`${prefix}${name}`);
      const values = name === undefined ? store.range({ prefix }).values : only ? [only] : [];
      return values.map(({ value }) => JSON.parse(value.toString("utf8"))) as never;
    },
  };
}

export function kindNamed(kinds: KindRegistry, of: ResourceName): Kind | undefined {
  const dot = of.indexOf(".");
  const plural = dot === -1 ? of : of.slice(0, dot);
  const group = dot === -1 ? "" : of.slice(dot + 1);
  const all = kinds.all().filter((kind) => kind.plural === plural && kind.group === group);
  return all.find((kind) => kind.version === "v1") ?? all[0];
}

const none: readonly KubeObject[] = [];

class Followed {
  version = 0;
  readonly #prefix: string;
  readonly #byNamespace = new Map<string, Map<string, KubeObject>>();

  constructor(store: Store, prefix: string) {
    this.#prefix = prefix;
    const { values, revision } = store.range({ prefix });
    for (const { key, value } of values) this.#put(key, value);
    // It goes on for as long as the store is open.
    store.watch(prefix, revision, {
      onEvents: (events) => {
        for (const { key, value } of events) this.#put(key, value);
      },
      onEnd: () => undefined,
    });
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  /** By name, as lists are. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace === undefined) return [...this.#byNamespace.values()].flatMap((members) => [...members.values()]);
    const members = this.#byNamespace.get(namespace);
    return members ? [...members.values()] : none;
  }

  #put(key: string, value: Buffer | undefined): void {
    this.version++;
    const path = key.slice(this.#prefix.length);
    const slash = path.indexOf("/");
    const namespace = path.slice(0, Math.max(0, slash));
    const name = path.slice(slash + 1);
    const members = this.#byNamespace.get(namespace) ?? new Map<string, KubeObject>();
    if (value === undefined) members.delete(name);
    else members.set(name, JSON.parse(value.toString("utf8")) as KubeObject);
    if (members.size === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, members);
  }
}

/** Of the objects that an annotation makes the default the newest, by name when they are of one age. */
export function newestDefault(
  objects: StoredObjects,
  of: ResourceName,
  annotations: readonly string[],
): KubeObject | undefined {
  return objects
    .list(of)
    .filter(({ metadata }) => annotations.some((name) => metadata.annotations?.[name] === "true"))
    .toSorted((left, right) => {
      const ages =
        Date.parse(right.metadata.creationTimestamp ?? "") - Date.parse(left.metadata.creationTimestamp ?? "");
      return ages || ((left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1);
    })[0];
}
