import type { KubeObject, OwnerReference } from "../../object/kube-object.ts";
import { done, unless } from "../../loop/index.ts";
import type { Change, Controller, ControllerContext, Outcome, Resource, WorkQueue } from "../../loop/index.ts";
import {
  awaitsDependents,
  foregroundFinalizer,
  nodeOf,
  orphanFinalizer,
  orphansDependents,
  OwnerGraph,
} from "./owner-graph.ts";
import type { GraphNode } from "./owner-graph.ts";

interface Parts {
  readonly context: ControllerContext;
  readonly graph: OwnerGraph;
}

/** Deletes what has lost its owners, and carries out deletions that concern dependents. Keys are uids. */
export function garbageCollector(context: ControllerContext): Controller {
  const graph = new OwnerGraph();
  let queue: WorkQueue | undefined;
  context.kinds.onChange((resource, change) => {
    for (const uid of learn(graph, resource, change)) queue?.add(uid);
  });
  const parts: Parts = { context, graph };
  return {
    name: "garbage-collector-controller",
    watches: [],
    workers: 20,
    attach: (given) => {
      queue = given;
    },
    reconcile: (uid) => reconcile(parts, uid),
  };
}

/** Takes a change into the graph; answers the uids that it concerns. */
function learn(graph: OwnerGraph, resource: Resource, change: Change<KubeObject>): Set<string> {
  const touched = new Set<string>();
  const uid = change.object.metadata.uid ?? "";
  if (change.type === "deleted") {
    const node = graph.delete(uid);
    for (const dependent of graph.dependentsOf(uid)) touched.add(dependent.uid);
    for (const owner of node?.owners ?? []) addWaiting(graph, owner.uid, touched);
    return touched;
  }
  const node = nodeOf(resource, change.object);
  const previous = graph.put(node);
  if (awaitsDependents(node)) {
    touched.add(uid);
    for (const dependent of graph.dependentsOf(uid)) touched.add(dependent.uid);
  }
  if (orphansDependents(node)) touched.add(uid);
  if (node.owners.some((owner) => isInDoubt(graph, owner))) touched.add(uid);
  // An owner that waits for what it no longer owns, or what no longer blocks it, may go.
  for (const owner of previous?.owners ?? []) addWaiting(graph, owner.uid, touched);
  return touched;
}

function addWaiting(graph: OwnerGraph, uid: string, touched: Set<string>): void {
  const owner = graph.get(uid);
  if (owner !== undefined && awaitsDependents(owner)) touched.add(uid);
}

function isInDoubt(graph: OwnerGraph, reference: OwnerReference): boolean {
  const owner = graph.get(reference.uid);
  return owner === undefined || awaitsDependents(owner) || !isSame(owner, reference);
}

function isSame(owner: GraphNode, reference: OwnerReference): boolean {
  return owner.name === reference.name && owner.resource.kind === reference.kind;
}

async function reconcile(parts: Parts, uid: string): Promise<Outcome> {
  await parts.context.kinds.ready;
  const node = parts.graph.get(uid);
  if (node === undefined) return done;
  if (orphansDependents(node)) return orphan(parts, node);
  if (awaitsDependents(node)) return finishForeground(parts, node);
  if (node.isDeleting || node.owners.length === 0) return done;
  return judge(parts, node);
}

/** Takes the owner's name off its dependents, and then lets it go. */
async function orphan(parts: Parts, node: GraphNode): Promise<Outcome> {
  for (const dependent of parts.graph.dependentsOf(node.uid)) await removeOwners(parts, dependent, [node.uid]);
  await removeFinalizer(parts, node, orphanFinalizer);
  return done;
}

/** Lets the owner go once no dependent blocks it; until then each of them is looked at by itself. */
async function finishForeground(parts: Parts, node: GraphNode): Promise<Outcome> {
  const blocking = parts.graph
    .dependentsOf(node.uid)
    .filter((dependent) =>
      dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion === true),
    );
  if (blocking.length > 0) return { kind: "waiting", reason: `${blocking.length} dependents are still there` };
  await removeFinalizer(parts, node, foregroundFinalizer);
  return done;
}

interface Verdict {
  readonly solid: readonly OwnerReference[];
  readonly dangling: readonly OwnerReference[];
  /** Owners that go, and wait for this one to go first. */
  readonly going: readonly OwnerReference[];
}

async function judge(parts: Parts, node: GraphNode): Promise<Outcome> {
  const verdict = await judgeOwners(parts, node);
  if (verdict === undefined) return { kind: "waiting", reason: "the kind of an owner is not known" };
  const { solid, dangling, going } = verdict;
  const lost = [...dangling, ...going].map((owner) => owner.uid);
  if (solid.length > 0) {
    if (lost.length > 0) await removeOwners(parts, node, lost);
    return done;
  }
  const dependents = parts.graph.dependentsOf(node.uid);
  if (going.length > 0 && dependents.length > 0) {
    // Two that wait for each other would wait forever.
    if (dependents.some(awaitsDependents)) await stopBlocking(parts, node);
    return remove(parts, node, "Foreground");
  }
  if (node.finalizers.includes(orphanFinalizer)) return remove(parts, node, "Orphan");
  return remove(parts, node, node.finalizers.includes(foregroundFinalizer) ? "Foreground" : "Background");
}

async function judgeOwners(parts: Parts, node: GraphNode): Promise<Verdict | undefined> {
  const solid: OwnerReference[] = [];
  const dangling: OwnerReference[] = [];
  const going: OwnerReference[] = [];
  for (const reference of node.owners) {
    const state = await ownerState(parts, node, reference);
    if (state === "unknown") return undefined;
    ({ solid, dangling, going })[state].push(reference);
  }
  return { solid, dangling, going };
}

async function ownerState(
  { context, graph }: Parts,
  node: GraphNode,
  reference: OwnerReference,
): Promise<"solid" | "dangling" | "going" | "unknown"> {
  const known = graph.get(reference.uid);
  if (
    known !== undefined &&
    isSame(known, reference) &&
    (known.namespace === "" || known.namespace === node.namespace)
  ) {
    return awaitsDependents(known) ? "going" : "solid";
  }
  const resource = context.kinds.find(reference.apiVersion, reference.kind);
  // A kind that is not served may be back soon; an owner in a namespace can't own what is in none.
  if (resource === undefined || (resource.namespaced && node.namespace === "")) return "unknown";
  const owner = await context.api.get(resource, node.namespace, reference.name);
  if (owner === undefined || owner.metadata.uid !== reference.uid) return "dangling";
  return awaitsDependents(nodeOf(resource, owner)) ? "going" : "solid";
}

async function remove(
  { context }: Parts,
  node: GraphNode,
  propagation: "Foreground" | "Background" | "Orphan",
): Promise<Outcome> {
  const { namespace, name, uid } = node;
  const fresh = await context.api.get(node.resource, namespace, name);
  if (fresh === undefined || fresh.metadata.uid !== uid) return done;
  // Somebody may just have given it an owner.
  const { resourceVersion } = fresh.metadata;
  const isUnchanged = sameOwners(node.owners, fresh.metadata.ownerReferences ?? []);
  if (!isUnchanged) return { kind: "waiting", reason: "the owners changed" };
  const options = { propagation, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  await unless(["not-found"], context.api.delete(node.resource, { metadata: { namespace, name, uid } }, options));
  return done;
}

function sameOwners(left: readonly OwnerReference[], right: readonly OwnerReference[]): boolean {
  return left.length === right.length && left.every((owner, index) => owner.uid === right[index]?.uid);
}

async function removeOwners(parts: Parts, node: GraphNode, uids: readonly string[]): Promise<void> {
  await rewrite(parts, node, (metadata) => ({
    ownerReferences: (metadata.ownerReferences ?? []).filter((owner) => !uids.includes(owner.uid)),
  }));
}

async function stopBlocking(parts: Parts, node: GraphNode): Promise<void> {
  await rewrite(parts, node, (metadata) => ({
    ownerReferences: (metadata.ownerReferences ?? []).map((owner) => ({ ...owner, blockOwnerDeletion: false })),
  }));
}

async function removeFinalizer(parts: Parts, node: GraphNode, finalizer: string): Promise<void> {
  await rewrite(parts, node, (metadata) => ({
    finalizers: (metadata.finalizers ?? []).filter((name) => name !== finalizer),
  }));
}

/** Changes metadata of what is there now; the version in the patch makes a lost race a conflict, which is tried again. */
async function rewrite(
  { context }: Parts,
  node: GraphNode,
  change: (metadata: KubeObject["metadata"]) => Partial<KubeObject["metadata"]>,
): Promise<void> {
  const { namespace, name, uid, resource } = node;
  const fresh = await context.api.get(resource, namespace, name);
  if (fresh === undefined || fresh.metadata.uid !== uid) return;
  const { resourceVersion } = fresh.metadata;
  const patch = { metadata: { uid, resourceVersion, ...change(fresh.metadata) } };
  const patched = await unless(["not-found"], context.api.patch(resource, { namespace, name }, patch));
  const isGone = patched?.metadata.deletionTimestamp !== undefined && (patched.metadata.finalizers ?? []).length === 0;
  if (isGone) context.informers.deleted(resource, patched);
}
