import { isJsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { compareValues } from "./compare-values.ts";
import type { Conflict } from "./conflicts.ts";
import { difference, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { ANNOTATIONS_BYTES_MAX } from "./limits.ts";
import { fieldSetOf, typeProblems } from "./typed-value.ts";
import type { WriteContext } from "./track-update.ts";

/**
 * The annotation in which kubectl's client-side apply keeps what it applied. When kubectl changes to server-side apply, conflicts over fields that
 * it applied before, and that nobody changed since, are its own.
 */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The manager that `kubectl apply --server-side` is. */
export const KUBECTL = "kubectl";

export function conflictsBesidesLastApplied(
  context: WriteContext,
  live: KubeObject,
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  const owned = ownedByLastApplied(context, live);
  return owned === undefined ? conflicts : conflicts.filter(({ path }) => !owned.has(path));
}

function ownedByLastApplied(context: WriteContext, live: KubeObject): FieldSet | undefined {
  const { library, schema, apiVersion } = context;
  const last = parseObject(live.metadata.annotations?.[LAST_APPLIED]);
  if (last === undefined || last["apiVersion"] !== apiVersion) return undefined;
  const problem =
    typeProblems(library, schema, last, { allowDuplicates: false }) ??
    typeProblems(library, schema, live, { allowDuplicates: false });
  if (problem !== undefined) return undefined;
  const { modified, added, removed } = compareValues(library, schema, last, live);
  return difference(fieldSetOf(library, schema, last), union(union(modified, added), removed));
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keeps the annotation in step with what kubectl applied, so that a client-side apply can follow. */
export function updateLastApplied(object: KubeObject, applied: KubeObject): KubeObject {
  const annotations = object.metadata.annotations;
  if ((annotations?.[LAST_APPLIED] ?? "") === "") return object;
  const { [LAST_APPLIED]: _, ...others } = applied.metadata.annotations ?? {};
  const { annotations: _annotations, ...metadata } = applied.metadata;
  const configuration = {
    ...applied,
    metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata,
  };
  const updated = { ...annotations, [LAST_APPLIED]: `${sortedJson(configuration)}\n` };
  if (bytesOf(updated) > ANNOTATIONS_BYTES_MAX) delete (updated as Record<string, string>)[LAST_APPLIED];
  return { ...object, metadata: { ...object.metadata, annotations: updated } };
}

function bytesOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (!isJsonObject(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
