import type { Informer } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";

const index = "node";

/** Lets pods be found by the node that they run on. */
export function indexByNode(pods: Informer<Pod>): Informer<Pod> {
  pods.addIndex(index, (pod) => ((pod.spec.nodeName ?? "") === "" ? [] : [pod.spec.nodeName ?? ""]));
  return pods;
}

export function podsOn(pods: Informer<Pod>, nodeName: string): Pod[] {
  return pods.find(index, nodeName);
}
