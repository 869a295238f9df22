import { equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { ObjectSchema, SchemaLibrary } from "../schema/schema.ts";
import { ApplyError } from "./apply-error.ts";
import { compareValues, withoutFields } from "./compare-values.ts";
import type { Comparison } from "./compare-values.ts";
import { conflictsOf } from "./conflicts.ts";
import type { Conflict } from "./conflicts.ts";
import { difference, EMPTY_SET, intersection, isSubset, recursiveDifference, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import type { ManagerId, Managers } from "./managed-fields.ts";
import { mergeValues } from "./merge-values.ts";
import { reconcileWithSchema } from "./reconcile-schema.ts";
import { removeItems, withNamedFields } from "./remove-items.ts";
import { fieldSetOf } from "./typed-value.ts";

/** What is needed to know of the kind whose object is written. */
export interface Ownership {
  readonly library: SchemaLibrary;
  readonly schema: ObjectSchema;
  /** The version that is written. */
  readonly apiVersion: string;
  /** Fields that this kind of request can't change, such as `status` in a write of the whole object. */
  readonly resetFields: FieldSet;
  /** Other versions of the kind; undefined for those that are no longer served. */
  readonly otherVersion?: (apiVersion: string) => OtherVersion | undefined;
}

/** How objects get from the version that is written to another one, and back. */
export interface OtherVersion {
  readonly schema: ObjectSchema;
  readonly convert: (object: KubeObject) => KubeObject;
  readonly convertBack: (object: KubeObject) => KubeObject;
}

export type Taken =
  | { readonly kind: "taken"; readonly managers: Managers; readonly changes: Comparison }
  | { readonly kind: "conflicts"; readonly conflicts: readonly Conflict[] };

interface Change {
  readonly live: KubeObject;
  readonly next: KubeObject;
}

/** Notes that the manager changed the object: it owns what it changed, and those who had it before don't any more. */
export function ownUpdate(ownership: Ownership, change: Change, managers: Managers, self: ManagerId): Managers {
  const current = reconcileManagers(ownership, managers);
  const taken = takeFromOthers(ownership, change, current, { self, force: true });
  if (taken.kind === "conflicts") return current;
  const { removed, modified, added } = taken.changes;
  const before = current.get(self)?.set ?? EMPTY_SET;
  const owned = recursiveDifference(union(union(difference(before, removed), modified), added), ownership.resetFields);
  if (owned.isEmpty) taken.managers.delete(self);
  else taken.managers.set(self, { set: owned, apiVersion: ownership.apiVersion, applied: false });
  return taken.managers;
}

export type ApplyOutcome =
  /** `object` is undefined when nothing changed. */
  | { readonly kind: "applied"; readonly object: KubeObject | undefined; readonly managers: Managers }
  | { readonly kind: "conflicts"; readonly conflicts: readonly Conflict[] };

export interface ApplyStep {
  readonly live: KubeObject;
  readonly applied: KubeObject;
  readonly self: ManagerId;
  readonly force: boolean;
}

/** Lays the configuration over the object, removes what the manager applied before and no longer does, and settles who owns what. */
export function ownApply(ownership: Ownership, step: ApplyStep, before: Managers): ApplyOutcome {
  const { library, schema, apiVersion } = ownership;
  const managers = reconcileManagers(ownership, before);
  const merge = mergeValues(library, schema, step.live, step.applied);
  if ("problem" in merge) throw new ApplyError("InternalError", `failed to merge config: ${merge.problem}`);
  const last = managers.get(step.self);
  const set = recursiveDifference(fieldSetOf(library, schema, step.applied), ownership.resetFields);
  managers.set(step.self, { set, apiVersion, applied: true });
  let next = merge.merged as KubeObject;
  // Who applies again all that was applied before gives up nothing.
  if (last !== undefined && (last.apiVersion !== apiVersion || !isSubset(last.set, set)) && !last.set.isEmpty) {
    next = prune(ownership, next, managers, { set: last.set, apiVersion: last.apiVersion });
  }
  const taken = takeFromOthers(ownership, { live: step.live, next }, managers, step);
  if (taken.kind === "conflicts") return taken;
  const isSame = equalJson(step.live, next);
  return { kind: "applied", object: isSame ? undefined : next, managers: taken.managers };
}

interface Taking {
  readonly self: ManagerId;
  readonly force: boolean;
}

function takeFromOthers(ownership: Ownership, change: Change, before: Managers, { self, force }: Taking): Taken {
  const managers: Managers = new Map(before);
  const comparisons = new Map<string, Comparison | undefined>();
  const conflicting = new Map<ManagerId, FieldSet>();
  const own = compareIn(ownership, change, ownership.apiVersion) ?? NO_CHANGES;
  comparisons.set(ownership.apiVersion, own);
  for (const [id, manager] of before) {
    if (id === self) continue;
    if (!comparisons.has(manager.apiVersion)) {
      comparisons.set(manager.apiVersion, compareIn(ownership, change, manager.apiVersion));
    }
    const changes = comparisons.get(manager.apiVersion);
    if (changes === undefined) {
      managers.delete(id);
      continue;
    }
    const lost = intersection(manager.set, union(changes.modified, changes.added));
    if (!lost.isEmpty) conflicting.set(id, lost);
    const rest = difference(difference(manager.set, lost), changes.removed);
    managers.set(id, { ...manager, set: rest });
  }
  if (!force && conflicting.size > 0) return { kind: "conflicts", conflicts: conflictsOf(conflicting) };
  for (const [id, manager] of managers) if (manager.set.isEmpty) managers.delete(id);
  return { kind: "taken", managers, changes: own };
}

const NO_CHANGES: Comparison = { removed: EMPTY_SET, modified: EMPTY_SET, added: EMPTY_SET };

function compareIn(ownership: Ownership, { live, next }: Change, apiVersion: string): Comparison | undefined {
  const version = versionOf(ownership, apiVersion);
  if (version === undefined) return undefined;
  const { schema, convert } = version;
  const comparison = compareValues(ownership.library, schema, convert(live), convert(next));
  return withoutFields(comparison, ownership.resetFields);
}

function versionOf(ownership: Ownership, apiVersion: string): OtherVersion | undefined {
  if (apiVersion === ownership.apiVersion) {
    return { schema: ownership.schema, convert: unchanged, convertBack: unchanged };
  }
  return ownership.otherVersion?.(apiVersion);
}

function unchanged(object: KubeObject): KubeObject {
  return object;
}

interface LastApplied {
  readonly set: FieldSet;
  readonly apiVersion: string;
}

/** Removes what was applied before and isn't any more, unless somebody else owns it as well. */
function prune(ownership: Ownership, merged: KubeObject, managers: Managers, last: LastApplied): KubeObject {
  const lastVersion = versionOf(ownership, last.apiVersion);
  if (lastVersion === undefined) return merged;
  const there = pruningIn(ownership, lastVersion);
  let pruned = there.remove(merged, () => there.named(last.set));
  // What others own comes back, and with it the parents that it needs.
  for (const [apiVersion, owned] of ownedByVersion(managers, last.apiVersion)) {
    const version = versionOf(ownership, apiVersion);
    if (version === undefined) continue;
    const step = pruningIn(ownership, version);
    const before = pruned;
    pruned = step.remove(merged, (all) => difference(all, union(step.setOf(before), step.named(owned))));
  }
  // What this manager never applied comes back as well.
  return there.remove(merged, (all) => intersection(difference(all, there.setOf(pruned)), there.named(last.set)));
}

function pruningIn({ library }: Ownership, { schema, convert, convertBack }: OtherVersion) {
  const named = (set: FieldSet): FieldSet => withNamedFields(library, schema, set);
  const setOf = (object: KubeObject): FieldSet => named(fieldSetOf(library, schema, convert(object)));
  const remove = (object: KubeObject, choose: (all: FieldSet) => FieldSet): KubeObject =>
    convertBack(removeItems(library, schema, convert(object), choose(setOf(object))) as KubeObject);
  return { named, setOf, remove };
}

/** The version asked for comes first. */
function ownedByVersion(managers: Managers, first: string): Map<string, FieldSet> {
  const owned = new Map<string, FieldSet>([[first, EMPTY_SET]]);
  for (const { apiVersion, set } of managers.values()) {
    owned.set(apiVersion, union(owned.get(apiVersion) ?? EMPTY_SET, set));
  }
  return owned;
}

/** The fields as the schema names them now: parts of what has one owner today become the whole. */
function reconcileManagers(ownership: Ownership, managers: Managers): Managers {
  const reconciled: Managers = new Map();
  for (const [id, manager] of managers) {
    const version = versionOf(ownership, manager.apiVersion);
    if (version === undefined) continue;
    const set = reconcileWithSchema(ownership.library, version.schema, manager.set);
    reconciled.set(id, set === manager.set ? manager : { ...manager, set });
  }
  return reconciled;
}
