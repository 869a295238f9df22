import { difference, FieldSet } from "./field-set.ts";
import type { ManagerId, Managers } from "./managed-fields.ts";

/** What nobody owns: names, and what the server alone decides. */
export const NEVER_OWNED = FieldSet.of(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => ["f:metadata", `f:${name}`]),
);

export function stripNeverOwned(managers: Managers, id: ManagerId): void {
  const manager = managers.get(id);
  if (manager === undefined) return;
  const set = difference(manager.set, NEVER_OWNED);
  if (set.isEmpty) managers.delete(id);
  else managers.set(id, { ...manager, set });
}
