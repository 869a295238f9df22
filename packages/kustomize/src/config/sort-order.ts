import type { SortOptionFields } from "../kustomization/shapes.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { gvkEquals, gvkSortText, gvkText } from "../resource/gvk.ts";
import type { ResId } from "../resource/res-id.ts";
import type { ResourceMap } from "../resource/resource-map.ts";
import { compareKinds, kindsFirst, kindsLast, rankKinds } from "./kind-order.ts";
import type { KindRanks } from "./kind-order.ts";

/** Puts the objects in the order of the output: by kind, or as they came in. */
export function sortResources(map: ResourceMap, options: SortOptionFields | undefined): void {
  const order = options === undefined ? "legacy" : (options.order ?? "");
  if (order !== "legacy" && order !== "fifo") {
    throw new KustomizeError("kustomization", "the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  const lists = options?.legacySortOptions;
  if (order === "fifo") {
    if (lists !== undefined) {
      throw new KustomizeError(
        "kustomization",
        "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
      );
    }
    return;
  }
  const ranks =
    lists === undefined ? rankKinds(kindsFirst, kindsLast) : rankKinds(lists.orderFirst ?? [], lists.orderLast ?? []);
  const keyed = map.resources.map((resource) => ({ resource, id: resource.currentId }));
  keyed.sort((left, right) => compareIds(left.id, right.id, ranks));
  map.replaceAll(keyed.map(({ resource }) => resource));
}

function compareIds(left: ResId, right: ResId, ranks: KindRanks): number {
  if (!gvkEquals(left, right)) {
    const isCoreNamespace =
      left.kind === "Namespace" && right.kind === "Namespace" && (left.group === "" || right.group === "");
    return compareKinds(left, right, gvkSortText, ranks) * (isCoreNamespace ? -1 : 1);
  }
  const leftText = idSortText(left);
  const rightText = idSortText(right);
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

function idSortText(id: ResId): string {
  return [gvkText(id), id.namespace || "~X", id.name || "~N"].join("|");
}
