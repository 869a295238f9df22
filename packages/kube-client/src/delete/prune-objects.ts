import type { KubeClient } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import { applyAtOnceMax } from "../limits.ts";
import { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { forEachParallel } from "../objects/parallel.ts";
import { apiVersionOf, resourcePath } from "../objects/resource-kind.ts";
import type { ResourceKind } from "../objects/resource-kind.ts";
import { listPages } from "../watch/list-pages.ts";
import { deleteObjects } from "./delete-objects.ts";
import type { DeleteOptions } from "./delete-objects.ts";

export interface PruneOptions extends Omit<DeleteOptions, "namespace"> {
  /** What belongs to the set: `app.kubernetes.io/managed-by=fairway`. */
  readonly selector: string;
  /** Only what this manager applied: controllers copy labels to what they make. */
  readonly fieldManager: string;
  /** What stays, usually what was applied just now. */
  readonly keep: readonly KubeObject[];
  /** Only these namespaces, and no objects that are in none; left out: everywhere. */
  readonly namespaces?: readonly string[];
  /** Only these kinds; left out: every kind of the cluster that can be listed and deleted. */
  readonly kinds?: readonly { readonly apiVersion: string; readonly kind: string }[];
}

/** Deletes what belongs to a set and is no longer wanted; answers what that was. */
export async function pruneObjects(client: KubeClient, options: PruneOptions): Promise<readonly KubeObject[]> {
  const { selector, keep, namespaces, signal } = options;
  if (selector.trim() === "") throw new KubeError("invalid", "without a selector everything would be pruned: give one");
  const discovery = new Discovery(client);
  const wanted = new Set(keep.map(keyOf));
  const kinds = await kindsToPrune(discovery, options);
  const unwanted: KubeObject[] = [];
  const places = kinds.flatMap((kind): [ResourceKind, string | undefined][] => {
    if (namespaces === undefined) return [[kind, undefined]];
    return kind.isNamespaced ? namespaces.map((each) => [kind, each]) : [];
  });
  await forEachParallel(places, applyAtOnceMax, async ([kind, namespace]) => {
    const query = { labelSelector: selector };
    const { objects } = await listPages(client, resourcePath(kind, { namespace }), { query, signal });
    for (const found of objects) {
      const object = { ...found, apiVersion: apiVersionOf(kind), kind: kind.kind };
      if (!wanted.has(keyOf(object)) && isApplied(object, options.fieldManager)) unwanted.push(object);
    }
  });
  return deleteObjects(client, unwanted, options);
}

async function kindsToPrune(discovery: Discovery, { kinds, signal }: PruneOptions): Promise<readonly ResourceKind[]> {
  const found =
    kinds === undefined
      ? await discovery.all(signal)
      : await Promise.all(kinds.map((each) => discovery.find(each.apiVersion, each.kind, signal)));
  return found.filter((each): each is ResourceKind => each?.verbs.includes("delete") === true);
}

function isApplied({ metadata }: KubeObject, fieldManager: string): boolean {
  const managers = metadata["managedFields"] as readonly { manager?: string; operation?: string }[] | undefined;
  return (
    metadata.deletionTimestamp === undefined &&
    managers?.some(({ manager, operation }) => manager === fieldManager && operation === "Apply") === true
  );
}

/** Of whatever version: an object that was applied in one is listed in another. */
function keyOf({ apiVersion, kind, metadata: { namespace = "", name = "" } }: KubeObject): string {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return `${group}/${kind} ${namespace}/${name}`;
}
