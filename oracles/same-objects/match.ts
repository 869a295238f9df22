// Which object of one cluster is which of the other: by name, or by its owner where the name is made up.
import type { ClusterObject } from "./read-objects.ts";

/** Names that end in what nobody chose. */
const madeUp: Readonly<Record<string, readonly string[]>> = {
  ReplicaSet: ["Deployment"],
  ControllerRevision: ["StatefulSet", "DaemonSet"],
  Pod: ["ReplicaSet", "ReplicationController", "DaemonSet", "Job"],
  EndpointSlice: ["Service", "Endpoints"],
};

export interface Named {
  /** `Pod shop-dev/orders-service-(hash)-(1)` */
  readonly name: string;
  readonly object: ClusterObject;
}

/**
 * Names all objects so that those which play the same part in two clusters have the same name. `order` tells siblings with
 * made-up names apart: what they are besides their names.
 */
export function nameObjects(
  objects: readonly ClusterObject[],
  order: (object: ClusterObject) => string,
): readonly Named[] {
  const byUid = new Map(objects.map((object) => [object.metadata.uid, object]));
  const names = new Map<string, string>();
  const nameOf = (object: ClusterObject): string => {
    const known = names.get(object.metadata.uid);
    if (known !== undefined) return known;
    const owner = byUid.get(ownerOf(object) ?? "");
    const isMadeUp = owner !== undefined && (madeUp[object.kind]?.includes(owner.kind) ?? false);
    const name = owner !== undefined && isMadeUp ? `${nameOf(owner)}-(${rank(object, owner)})` : object.metadata.name;
    names.set(object.metadata.uid, name);
    return name;
  };
  const siblings = Map.groupBy(objects, (object) => `${object.kind} of ${ownerOf(object) ?? ""}`);
  const rank = (object: ClusterObject, owner: ClusterObject): number => {
    const all = siblings.get(`${object.kind} of ${owner.metadata.uid}`) ?? [];
    const sorted = all
      .map((each) => ({ each, key: order(each) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    return sorted.findIndex(({ each }) => each === object) + 1;
  };
  return objects.map((object) => {
    const { namespace } = object.metadata;
    const place = namespace === undefined ? "" : `${namespace}/`;
    return { name: `${object.kind} ${place}${nameOf(object)}`, object };
  });
}

function ownerOf({ metadata }: ClusterObject): string | undefined {
  return (metadata.ownerReferences?.find(({ controller }) => controller === true) ?? metadata.ownerReferences?.[0])
    ?.uid;
}
