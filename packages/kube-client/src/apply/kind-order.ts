import type { KubeObject } from "../objects/kube-object.ts";
import { installOrder } from "./data/kind-order.ts";

/** The objects in groups of one kind each, in the order in which the groups have to be applied. */
export function groupsInOrder(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const groups = Map.groupBy(objects, (object) => object.kind);
  return [...groups.keys()].sort(compareKinds).map((kind) => groups.get(kind) ?? []);
}

function compareKinds(left: string, right: string): number {
  const [leftAt, rightAt] = [installOrder.indexOf(left), installOrder.indexOf(right)];
  if (leftAt === -1 && rightAt === -1) return left < right ? -1 : 1;
  if (leftAt === -1 || rightAt === -1) return leftAt === -1 ? 1 : -1;
  return leftAt - rightAt;
}
