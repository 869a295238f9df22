import type { KubeObject } from "../../object/kube-object.ts";
import type { Api, Informer, Resource } from "../../loop/index.ts";
import { unless } from "../../loop/index.ts";
import { controllerOf, controllerReference, isControlledBy } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";

export interface Claim<T extends KubeObject> {
  readonly api: Api;
  readonly informer: Informer<T>;
  readonly owner: KubeObject;
  readonly ownerResource: Resource;
  readonly matches: (object: T) => boolean;
}

/**
 * The objects that an owner controls: those it has and that still fit, and those that fit and belong to nobody. What it has and doesn't
 * fit any more is let go.
 */
export async function claim<T extends KubeObject>(options: Claim<T>, candidates: readonly T[]): Promise<T[]> {
  const claimed: T[] = [];
  let mayAdopt: Promise<boolean> | undefined;
  for (const object of candidates) {
    if (isControlledBy(object, options.owner)) {
      if (options.matches(object)) claimed.push(object);
      else if (!isTerminating(options.owner)) await release(options, object);
      continue;
    }
    if (controllerOf(object) !== undefined || isTerminating(object) || isTerminating(options.owner)) continue;
    if (!options.matches(object)) continue;
    mayAdopt ??= isStillThere(options);
    if (!(await mayAdopt)) continue;
    const adopted = await adopt(options, object);
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

export function candidatesOf<T extends KubeObject>(informer: Informer<T>, owner: KubeObject): T[] {
  return [...informer.ownedBy(owner.metadata.uid), ...informer.orphansIn(owner.metadata.namespace)];
}

/** Asked of the server, not of the cache: whoever is being deleted must not take anything with it. */
async function isStillThere<T extends KubeObject>(options: Claim<T>): Promise<boolean> {
  const { namespace = "", name = "", uid } = options.owner.metadata;
  const fresh = await options.api.get(options.ownerResource, namespace, name);
  return fresh !== undefined && fresh.metadata.uid === uid && !isTerminating(fresh);
}

async function adopt<T extends KubeObject>(options: Claim<T>, object: T): Promise<T | undefined> {
  const { namespace = "", name = "", uid } = object.metadata;
  const patch = { metadata: { ownerReferences: [controllerReference(options.owner)], uid } };
  const target = { namespace, name, type: "strategic" } as const;
  return unless(["not-found"], options.api.patch<T>(options.informer.resource, target, patch));
}

async function release<T extends KubeObject>(options: Claim<T>, object: T): Promise<void> {
  const { namespace = "", name = "", uid } = object.metadata;
  const patch = { metadata: { ownerReferences: [{ $patch: "delete", uid: options.owner.metadata.uid }], uid } };
  const target = { namespace, name, type: "strategic" } as const;
  await unless(["not-found", "invalid"], options.api.patch<T>(options.informer.resource, target, patch));
}
