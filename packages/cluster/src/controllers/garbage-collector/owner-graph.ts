import type { KubeObject, OwnerReference } from "../../object/kube-object.ts";
import type { Resource } from "../../loop/index.ts";

export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

/** What the collector knows of an object. */
export interface GraphNode {
  readonly uid: string;
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  readonly isDeleting: boolean;
}

/** Who owns whom, by uid. An owner that nobody has seen has dependents all the same. */
export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly dependents = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  dependentsOf(uid: string): GraphNode[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((dependent) => this.nodes.get(dependent) ?? []);
  }

  /** Answers what was known before. */
  put(node: GraphNode): GraphNode | undefined {
    const previous = this.nodes.get(node.uid);
    if (previous !== undefined) this.unlink(previous);
    this.nodes.set(node.uid, node);
    for (const { uid } of node.owners) {
      const dependents = this.dependents.get(uid);
      if (dependents === undefined) this.dependents.set(uid, new Set([node.uid]));
      else dependents.add(node.uid);
    }
    return previous;
  }

  delete(uid: string): GraphNode | undefined {
    const node = this.nodes.get(uid);
    if (node === undefined) return undefined;
    this.unlink(node);
    this.nodes.delete(uid);
    return node;
  }

  private unlink(node: GraphNode): void {
    for (const { uid } of node.owners) {
      const dependents = this.dependents.get(uid);
      dependents?.delete(node.uid);
      if (dependents?.size === 0) this.dependents.delete(uid);
    }
  }
}

export function nodeOf(resource: Resource, object: KubeObject): GraphNode {
  const {
    uid = "",
    namespace = "",
    name = "",
    ownerReferences = [],
    finalizers = [],
    deletionTimestamp,
  } = object.metadata;
  return {
    uid,
    resource,
    namespace,
    name,
    owners: ownerReferences,
    finalizers,
    isDeleting: deletionTimestamp !== undefined,
  };
}

/** It goes when the dependents that block it have gone. */
export function awaitsDependents(node: GraphNode): boolean {
  return node.isDeleting && node.finalizers.includes(foregroundFinalizer);
}

/** Its dependents are to be let go before it goes. */
export function orphansDependents(node: GraphNode): boolean {
  return node.isDeleting && node.finalizers.includes(orphanFinalizer);
}
