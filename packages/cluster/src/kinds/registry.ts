import type { Kind } from "./kind.ts";

/** The kinds that are served now. Custom kinds come and go. */
export interface KindRegistry {
  /** By what a path says. */
  byResource(group: string, version: string, plural: string): Kind | undefined;
  /** By what an object says of itself: `apps/v1`, `Deployment`. */
  byKind(apiVersion: string, kind: string): Kind | undefined;
  /** In the order in which they were added. */
  all(): readonly Kind[];
  /** Takes the place of a kind of the same group, version and plural. */
  add(kind: Kind): void;
  remove(group: string, version: string, plural: string): void;
}

export function createKindRegistry(kinds: readonly Kind[] = []): KindRegistry {
  const byResource = new Map<string, Kind>();
  const byKind = new Map<string, Kind>();
  let list: readonly Kind[] | undefined;
  const remove = (group: string, version: string, plural: string): void => {
    const known = byResource.get(`${group}/${version}/${plural}`);
    if (!known) return;
    byResource.delete(`${group}/${version}/${plural}`);
    byKind.delete(`${apiVersionOf(known)}/${known.kind}`);
    list = undefined;
  };
  const add = (kind: Kind): void => {
    const key = `${kind.group}/${kind.version}/${kind.plural}`;
    const replaced = byResource.get(key);
    if (replaced) byKind.delete(`${apiVersionOf(replaced)}/${replaced.kind}`);
    byResource.set(key, kind);
    byKind.set(`${apiVersionOf(kind)}/${kind.kind}`, kind);
    list = undefined;
  };
  for (const kind of kinds) add(kind);
  return {
    byResource: (group, version, plural) => byResource.get(`${group}/${version}/${plural}`),
    byKind: (apiVersion, kind) => byKind.get(`${apiVersion}/${kind}`),
    all: () => (list ??= [...byResource.values()]),
    add,
    remove,
  };
}

export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}
