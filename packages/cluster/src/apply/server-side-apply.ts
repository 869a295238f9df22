import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { ObjectSchema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { ApplyError } from "./apply-error.ts";
import { reportConflicts } from "./conflicts.ts";
import type { ConflictReport } from "./conflicts.ts";
import { emptyObject } from "./empty-object.ts";
import { conflictsBesidesLastApplied, KUBECTL, updateLastApplied } from "./last-applied.ts";
import { decodeManagers, encodeManagers, managerId } from "./managed-fields.ts";
import type { Managers } from "./managed-fields.ts";
import { ownApply } from "./ownership.ts";
import type { ApplyOutcome } from "./ownership.ts";
import { stripNeverOwned } from "./stripped-fields.ts";
import { ownershipOf, timeText, trackChange, withManagedFields, withoutManagedFields } from "./track-update.ts";
import type { WriteContext } from "./track-update.ts";
import { typeProblems } from "./typed-value.ts";

export interface ServerSideApply extends WriteContext {
  /** The kind that the request is about. */
  readonly kind: string;
  /** Undefined when there is no such object: it is created. */
  readonly live: KubeObject | undefined;
  /** The configuration as it was sent. */
  readonly applied: KubeObject;
  readonly force: boolean;
}

export type ServerSideApplied =
  /** To be defaulted, admitted and validated like any other write. */
  | { readonly kind: "applied"; readonly object: KubeObject }
  | { readonly kind: "conflicts"; readonly conflicts: ConflictReport };

/** Applies a configuration. Throws an ApplyError when the configuration doesn't fit the kind. Changes no argument. */
export function serverSideApply(request: ServerSideApply): ServerSideApplied {
  const { applied, live, manager } = request;
  checkConfiguration(request);
  const before = decodeManagers(live?.metadata.managedFields);
  if ("problem" in before) throw new ApplyError("InternalError", `failed to decode managed fields: ${before.problem}`);
  const current = withoutManagedFields(live ?? emptyObject(request.library, request.schema, applied));
  const managers = startTracking(request, current, before.managers);
  const outcome = applyAsKubectl(request, current, managers);
  if (outcome.kind === "conflicts") return { kind: "conflicts", conflicts: reportConflicts(outcome.conflicts) };
  const changed = outcome.object === undefined ? current : withoutNulls(request, outcome.object);
  const object = manager === KUBECTL ? updateLastApplied(changed, applied) : changed;
  return { kind: "applied", object: withManagedFields(object, encodeManagers(outcome.managers)) };
}

function checkConfiguration({ applied, apiVersion, kind, library, schema }: ServerSideApply): void {
  if (applied.apiVersion !== apiVersion || applied.kind !== kind) {
    throw new ApplyError("BadRequest", `invalid object type: ${versionKindText(applied)}`);
  }
  if (applied.metadata?.managedFields !== undefined && applied.metadata.managedFields !== null) {
    throw new ApplyError("BadRequest", "metadata.managedFields must be nil");
  }
  const problem = typeProblems(library, schema, applied, { allowDuplicates: false });
  if (problem !== undefined) {
    throw new ApplyError("InternalError", `failed to create typed patch object (${objectText(applied)}): ${problem}`);
  }
}

/** As Go writes a group, version and kind: the core group is empty, its version follows a slash. */
function versionKindText({ apiVersion, kind }: KubeObject): string {
  const version = apiVersion ?? "";
  return `${version.includes("/") ? version : `/${version}`}, Kind=${kind ?? ""}`;
}

function objectText(object: KubeObject): string {
  return `${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}; ${versionKindText(object)}`;
}

/** Fields of an object that nobody is known to own belong to those who wrote it before the first apply. */
function startTracking(request: ServerSideApply, live: KubeObject, managers: Managers): Managers {
  if (managers.size > 0 || request.live === undefined) return managers;
  const empty = emptyObject(request.library, request.schema, request.applied);
  return trackChange({ ...request, manager: "before-first-apply" }, { live: empty, next: live }, managers);
}

function applyAsKubectl(request: ServerSideApply, live: KubeObject, managers: Managers): ApplyOutcome {
  const outcome = applyOnce(request, live, managers, request.force);
  if (request.manager !== KUBECTL || outcome.kind !== "conflicts") return outcome;
  const conflicts = conflictsBesidesLastApplied(request, live, outcome.conflicts);
  return conflicts.length > 0 ? { kind: "conflicts", conflicts } : applyOnce(request, live, managers, true);
}

function applyOnce(request: ServerSideApply, live: KubeObject, before: Managers, force: boolean): ApplyOutcome {
  const { manager, apiVersion, subresource = "", applied } = request;
  const self = managerId({
    manager: manager === "" ? "unknown" : manager,
    operation: "Apply",
    apiVersion,
    subresource,
  });
  const outcome = ownApply(ownershipOf(request), { live, applied, self, force }, before);
  if (outcome.kind === "conflicts") return outcome;
  stripNeverOwned(outcome.managers, self);
  const own = outcome.managers.get(self);
  const time = outcome.object === undefined ? before.get(self)?.time : timeText(request.now);
  if (own !== undefined && time !== undefined) outcome.managers.set(self, { ...own, time });
  return outcome;
}

/** Built-in kinds know no null: it is the same as an absent field. Custom kinds decide by their schema. */
function withoutNulls({ library, schema }: ServerSideApply, object: KubeObject): KubeObject {
  return schema.custom === true ? object : (dropNulls(library, schema, object) as KubeObject);
}

function dropNulls(library: SchemaLibrary, ref: SchemaRef, value: unknown): unknown {
  const schema = library.resolve(ref);
  if (schema.type === "list" && Array.isArray(value))
    return value.map((item) => dropNulls(library, schema.items, item));
  if (!isJsonObject(value) || (schema.type !== "object" && schema.type !== "map")) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const below = schema.type === "map" ? schema.values : memberOf(schema, key);
    if (member === null && below !== undefined) continue;
    setOwn(kept, key, below === undefined ? member : dropNulls(library, below, member));
  }
  return kept;
}

function memberOf(schema: ObjectSchema, key: string): SchemaRef | undefined {
  return Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
}
