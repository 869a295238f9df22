import { encodeObject, prefixOf } from "../apiserver/object-store.ts";
import type { Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Store } from "../store/store.ts";

export interface Instances {
  readonly store: Store;
  readonly kind: Kind;
  readonly now: Date;
}

/** Deletes all objects of a kind. False when some stay until somebody has finished something. */
export async function deleteInstances({ store, kind, now }: Instances): Promise<boolean> {
  const prefix = prefixOf(kind);
  const { values } = store.range({ prefix });
  await Promise.all(
    values.map(({ key }) =>
      store.write({
        key,
        decide: (stored, revision) => {
          if (!stored) return "keep";
          const object = JSON.parse(stored.value.toString("utf8")) as KubeObject;
          const { finalizers = [], deletionTimestamp, generation = 0 } = object.metadata;
          if (finalizers.length === 0) return "delete";
          if (deletionTimestamp !== undefined) return "keep";
          const metadata = {
            ...object.metadata,
            generation: generation + 1,
            deletionTimestamp: `${now.toISOString().slice(0, 19)}Z`,
            deletionGracePeriodSeconds: 0,
          };
          return encodeObject(storedKind(kind, object), { ...object, metadata }, revision);
        },
      }),
    ),
  );
  return store.count(prefix) === 0;
}

/** The kind in the version that the object is stored in, which nothing has to be converted for. */
function storedKind(kind: Kind, { apiVersion }: KubeObject): Kind {
  const { storedAs: _, custom: __, ...rest } = kind;
  return { ...rest, version: apiVersion.slice(apiVersion.lastIndexOf("/") + 1) };
}
