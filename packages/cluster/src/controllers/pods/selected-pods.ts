import type { Informer } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { LabelSelector } from "../../model/selector.ts";

const index = "label";

/** Lets pods be found by their labels, so that looking for few among many doesn't cost as much as all of them. */
export function indexByLabel(pods: Informer<Pod>): Informer<Pod> {
  pods.addIndex(index, ({ metadata: { namespace = "", labels = {} } }) =>
    Object.entries(labels).map(([key, value]) => `${namespace}/${key}=${value}`),
  );
  return pods;
}

/** The pods of a namespace that a selector chooses. */
export function selectedPods(pods: Informer<Pod>, namespace: string, selector: LabelSelector | undefined): Pod[] {
  // The label that the fewest have narrows it down most.
  const [rarest] = Object.entries(selector?.matchLabels ?? {})
    .map(([key, value]) => `${namespace}/${key}=${value}`)
    .map((place) => ({ place, count: pods.count(index, place) }))
    .sort((left, right) => left.count - right.count);
  const candidates = rarest === undefined ? pods.list(namespace) : pods.find(index, rarest.place);
  return candidates.filter(({ metadata }) => matchesSelector(selector, metadata.labels));
}
