import type { KubeObject, OwnerReference } from "../object/kube-object.ts";

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? "",
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The key of the controller when it is of this kind. */
export function controllerKeys(object: KubeObject, kind: string, group: string): string[] {
  const reference = controllerOf(object);
  if (reference?.kind !== kind || !reference.apiVersion.startsWith(group)) return [];
  return [`${object.metadata.namespace ?? ""}/${reference.name}`];
}

/** The older first; the same second is decided by name, so that everybody decides alike. */
export function byAge(left: KubeObject, right: KubeObject): number {
  const [leftAt = "", rightAt = ""] = [left.metadata.creationTimestamp, right.metadata.creationTimestamp];
  if (leftAt !== rightAt) return leftAt < rightAt ? -1 : 1;
  return (left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1;
}
