import { equalJson } from "../object/json-value.ts";
import type { KubeObject, ManagedFieldsEntry } from "../object/kube-object.ts";
import type { ObjectSchema, SchemaLibrary } from "../schema/schema.ts";
import { creationFields } from "./creation-fields.ts";
import { emptyObject } from "./empty-object.ts";
import { EMPTY_SET, union } from "./field-set.ts";
import { UPDATE_MANAGERS_MAX } from "./limits.ts";
import { decodeManagers, encodeManagers, managerId, seconds } from "./managed-fields.ts";
import type { ManagerId, Managers } from "./managed-fields.ts";
import { ownUpdate } from "./ownership.ts";
import type { Ownership, OtherVersion } from "./ownership.ts";
import { resetFieldsOf } from "./reset-fields.ts";
import { NEVER_OWNED, stripNeverOwned } from "./stripped-fields.ts";
import { typeProblems } from "./typed-value.ts";
import { writtenEntry } from "./written-entry.ts";

export interface WriteContext {
  readonly schema: ObjectSchema;
  readonly library: SchemaLibrary;
  /** Who writes: the `fieldManager` parameter, or what the client calls itself. */
  readonly manager: string;
  /** The version of the request, in which the objects are. */
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly now: Date;
  /** Paths that this request can't change; without it `status` for the whole object and `spec` for `status`. */
  readonly resetFields?: readonly (readonly string[])[];
  readonly otherVersion?: (apiVersion: string) => OtherVersion | undefined;
}

export interface TrackUpdate extends WriteContext {
  /** Undefined for a creation. */
  readonly live: KubeObject | undefined;
  /** As it was decoded and defaulted. Its own `managedFields` count unless a subresource is written; an empty list resets them. */
  readonly next: KubeObject;
}

/** The next object with `managedFields` that say who owns what after this write. Neither argument is changed. */
export function trackUpdate(write: TrackUpdate): KubeObject {
  const { live, next } = write;
  const before = managersBefore(write);
  // Objects that are not tracked stay so, until somebody applies.
  if (before.size === 0 && live !== undefined && (live.metadata.uid ?? "") !== "")
    return withManagedFields(next, undefined);
  // Values that don't fit can't be tracked; they are refused later, or become something that fits.
  if (hasTypeProblems(write, next) || hasTypeProblems(write, live)) return withManagedFields(next, undefined);
  if (live === undefined && before.size === 0) return withManagedFields(next, managedByCreator(write));
  const current = live ?? emptyObject(write.library, write.schema, next);
  // Who owns what is no change, whatever was sent.
  const changed = withManagedFields(next, current.metadata.managedFields);
  const managers = trackChange(write, { live: current, next: changed }, before);
  return withManagedFields(next, encodeManagers(managers));
}

function managedByCreator(write: TrackUpdate): ManagedFieldsEntry[] | undefined {
  const { library, schema, manager, apiVersion, subresource = "", now } = write;
  const next = withoutManagedFields(write.next);
  const not = { whole: resetFieldsOf(write), alone: NEVER_OWNED };
  const fields = creationFields(library, schema, { empty: emptyObject(library, schema, next), next }, not);
  if (fields === undefined) return undefined;
  return [
    writtenEntry({
      manager: manager === "" ? "unknown" : manager,
      apiVersion,
      time: timeText(now),
      subresource,
      fields,
    }),
  ];
}

/** Built-in kinds are decoded by their schema, so that only custom ones can have values that don't fit. */
function hasTypeProblems({ library, schema }: WriteContext, object: KubeObject | undefined): boolean {
  if (schema.custom !== true || object === undefined) return false;
  return typeProblems(library, schema, object, { allowDuplicates: true }) !== undefined;
}

function managersBefore({ live, next, subresource }: TrackUpdate): Managers {
  const ofLive = (): Managers => {
    const decoded = decodeManagers(live?.metadata.managedFields);
    return "managers" in decoded ? decoded.managers : new Map();
  };
  if ((subresource ?? "") !== "") return ofLive();
  const given = next.metadata.managedFields;
  if (isReset(given)) return new Map();
  const decoded = decodeManagers(given);
  return "managers" in decoded && decoded.managers.size > 0 ? decoded.managers : ofLive();
}

/** An empty list, or a list of one empty entry, means that ownership starts anew. */
function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (entries === undefined || entries === null) return false;
  if (entries.length === 0) return true;
  return entries.length === 1 && Object.keys(entries[0] ?? {}).length === 0;
}

const CURRENT_OPERATION = "current-operation";

export interface Change {
  readonly live: KubeObject;
  readonly next: KubeObject;
}

/** The managers after the manager of the context changed the object by an update. */
export function trackChange(context: WriteContext, change: Change, before: Managers): Managers {
  const { manager, apiVersion, subresource = "", now } = context;
  const id = managerId({ manager: manager === "" ? "unknown" : manager, operation: "Update", apiVersion, subresource });
  const managers = ownUpdate(ownershipOf(context), change, before, CURRENT_OPERATION);
  stripNeverOwned(managers, CURRENT_OPERATION);
  const owned = managers.get(CURRENT_OPERATION);
  if (owned !== undefined) {
    managers.delete(CURRENT_OPERATION);
    const set = union(owned.set, managers.get(id)?.set ?? EMPTY_SET);
    managers.set(id, { ...owned, set, time: timeText(now) });
  }
  capUpdateManagers(managers);
  return managers;
}

export function ownershipOf(context: WriteContext): Ownership {
  const { library, schema, apiVersion, otherVersion } = context;
  return {
    library,
    schema,
    apiVersion,
    resetFields: resetFieldsOf(context),
    ...(otherVersion === undefined ? {} : { otherVersion }),
  };
}

/** The time of a write, which is told in seconds. */
export function timeText(now: Date): string {
  const second = Math.floor(now.getTime() / 1000);
  if (second !== lastTime.second) lastTime = { second, text: `${now.toISOString().slice(0, -".000Z".length)}Z` };
  return lastTime.text;
}

/** Many writes have the same. */
let lastTime = { second: Number.NaN, text: "" };

/** Puts the oldest writers together, by version, until there are few enough. */
function capUpdateManagers(managers: Managers): void {
  const updaters = [...managers].filter(([, manager]) => !manager.applied);
  let count = updaters.length;
  if (count <= UPDATE_MANAGERS_MAX) return;
  updaters.sort(
    ([leftId, left], [rightId, right]) => seconds(left.time) - seconds(right.time) || (leftId < rightId ? -1 : 1),
  );
  const firstOfVersion = new Map<string, ManagerId>();
  for (const [id, manager] of updaters) {
    if (count <= UPDATE_MANAGERS_MAX) return;
    const { apiVersion } = manager;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id);
      continue;
    }
    const bucket = managerId({ manager: "ancient-changes", operation: "Update", apiVersion, subresource: "" });
    const collected = managers.get(bucket) ?? managers.get(first);
    if (!managers.has(bucket)) managers.delete(first);
    managers.set(bucket, { ...manager, set: union(manager.set, collected?.set ?? EMPTY_SET) });
    managers.delete(id);
    count -= 1;
  }
}

export function withoutManagedFields(object: KubeObject): KubeObject {
  return object.metadata.managedFields === undefined ? object : withManagedFields(object, undefined);
}

export function withManagedFields(object: KubeObject, entries: ManagedFieldsEntry[] | undefined): KubeObject {
  if (entries !== undefined) return { ...object, metadata: { ...object.metadata, managedFields: entries } };
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Gives the old times back when nothing but the times of `managedFields` differs, so that a write that changes nothing is none. */
export function keepTimesIfSame(live: KubeObject, next: KubeObject): KubeObject {
  const old = live.metadata.managedFields ?? [];
  const entries = next.metadata.managedFields ?? [];
  if (entries.length === 0 || entries.length !== old.length) return next;
  const sameTimes = entries.every((entry, index) => entry.time === old[index]?.time);
  if (sameTimes) return next;
  const timed = entries.map((entry, index) => ({ ...entry, ...timeOf(old[index]) }));
  const kept = withManagedFields(next, timed);
  return equalJson(kept, live) ? kept : next;
}

function timeOf(entry: ManagedFieldsEntry | undefined): { time?: string } {
  return entry?.time === undefined ? {} : { time: entry.time };
}
