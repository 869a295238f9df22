import { apiVersionOf, pathOf, resources } from "../../loop/index.ts";
import type { ControllerContext, Resource } from "../../loop/index.ts";
import type { KubeObject, OwnerReference } from "../../object/kube-object.ts";
import { scaledValue } from "../../model/int-or-percent.ts";
import { controllerOf } from "../../model/owner.ts";
import type { Pod } from "../../model/pod.ts";
import type { DisruptionBudget } from "./budget-object.ts";

export interface Expectation {
  readonly expected: number;
  readonly desired: number;
  readonly unmanaged: readonly string[];
}

/** Finds where objects of a kind are, whatever their kind. */
export type FindResource = (apiVersion: string, kind: string) => Resource | undefined;

interface Scaled extends KubeObject {
  spec?: { readonly replicas?: number };
}

/** How many pods there should be, and how many of them healthy. */
export async function expectedPods(
  context: ControllerContext,
  find: FindResource,
  { spec }: DisruptionBudget,
  pods: readonly Pod[],
): Promise<Expectation> {
  if (spec.maxUnavailable !== undefined) {
    const { expected, unmanaged } = await scaleOf(context, find, pods);
    const most = scaledValue(spec.maxUnavailable, expected, "up") ?? 0;
    return { expected, desired: Math.max(0, expected - most), unmanaged };
  }
  if (typeof spec.minAvailable === "number") {
    return { expected: pods.length, desired: spec.minAvailable, unmanaged: [] };
  }
  if (spec.minAvailable === undefined) return { expected: 0, desired: 0, unmanaged: [] };
  const { expected, unmanaged } = await scaleOf(context, find, pods);
  return { expected, desired: scaledValue(spec.minAvailable, expected, "up") ?? 0, unmanaged };
}

/** What the controllers of the pods want to have, added up. */
async function scaleOf(context: ControllerContext, find: FindResource, pods: readonly Pod[]) {
  const scales = new Map<string, number>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) {
      unmanaged.push(pod.metadata.name ?? "");
      continue;
    }
    const replicas = await replicasOf(context, find, { owner, namespace: pod.metadata.namespace ?? "" });
    if (replicas === undefined) throw new Error(`found no controllers for pod "${pod.metadata.name ?? ""}"`);
    if (replicas !== "gone") scales.set(replicas.uid, replicas.count);
  }
  return { expected: [...scales.values()].reduce((sum, count) => sum + count, 0), unmanaged };
}

interface Owned {
  readonly owner: OwnerReference;
  readonly namespace: string;
}

type Replicas = { readonly uid: string; readonly count: number };

async function replicasOf(
  context: ControllerContext,
  find: FindResource,
  { owner, namespace }: Owned,
): Promise<Replicas | "gone" | undefined> {
  const known = knownOwner(context, owner, namespace);
  if (known === undefined) return customScale(context, find, { owner, namespace });
  const { object } = known;
  if (object === undefined || object.metadata.uid !== owner.uid) return undefined;
  const above = known.resource === resources.replicaSets ? controllerOf(object) : undefined;
  if (above?.kind === "Deployment") {
    const deployment = context.informers.of<Scaled>(resources.deployments).get(namespace, above.name);
    if (deployment === undefined || deployment.metadata.uid !== above.uid) return undefined;
    return { uid: above.uid, count: deployment.spec?.replicas ?? 1 };
  }
  return { uid: owner.uid, count: object.spec?.replicas ?? 1 };
}

function knownOwner({ informers }: ControllerContext, owner: OwnerReference, namespace: string) {
  for (const resource of [resources.replicaSets, resources.statefulSets, resources.replicationControllers]) {
    if (owner.kind !== resource.kind || owner.apiVersion !== apiVersionOf(resource)) continue;
    return { resource, object: informers.of<Scaled>(resource).get(namespace, owner.name) };
  }
  return undefined;
}

/** Any other kind may have a scale. */
async function customScale(
  { api }: ControllerContext,
  find: FindResource,
  { owner, namespace }: Owned,
): Promise<Replicas | undefined> {
  const resource = find(owner.apiVersion, owner.kind);
  if (resource === undefined) return undefined;
  const path = pathOf(resource, namespace, owner.name, "scale");
  const answer = await api.client.request({ method: "GET", path });
  if (answer.status !== 200) {
    if (answer.status !== 404) throw new Error(`${path} answered ${answer.status}`);
    throw new Error(`${resource.plural}.${resource.group} does not implement the scale subresource`);
  }
  const scale = answer.body as Scaled;
  return scale.metadata.uid === owner.uid ? { uid: owner.uid, count: scale.spec?.replicas ?? 0 } : undefined;
}
