import { groupsInOrder } from "../apply/kind-order.ts";
import type { KubeClient } from "../kube-client.ts";
import { KubeError, failureOf, requireSuccess } from "../kube-error.ts";
import { applyAtOnceMax, deletePatienceMs, goneAskPace, retryAfterMsMax, retryPace } from "../limits.ts";
import { Discovery } from "../objects/discovery.ts";
import { nameOf, withoutLists } from "../objects/kube-object.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { backOffMs, systemClock } from "../objects/pace.ts";
import type { Clock } from "../objects/pace.ts";
import { forEachParallel } from "../objects/parallel.ts";
import { resourcePath } from "../objects/resource-kind.ts";

export interface DeleteOptions {
  /** Of objects of a namespaced kind that name none: `default` when left out. */
  readonly namespace?: string;
  readonly propagation?: "Foreground" | "Background" | "Orphan";
  readonly graceSeconds?: number;
  /** Until they are gone, finalizers and all; without it, until the server has taken the wish. */
  readonly wait?: boolean;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onDeleted?: (object: KubeObject) => void;
  readonly patienceMs?: number;
  readonly clock?: Clock;
}

/** Deletes objects, those first that were applied last; answers those that were there. With a `uid` an object means that very one. */
export async function deleteObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  options: DeleteOptions = {},
): Promise<readonly KubeObject[]> {
  const discovery = new Discovery(client);
  const deleted: KubeObject[] = [];
  for (const group of groupsInOrder(withoutLists(objects)).toReversed()) {
    await forEachParallel(group, applyAtOnceMax, async (object) => {
      if (!(await deleteOne(client, discovery, object, options))) return;
      deleted.push(object);
      options.onDeleted?.(object);
    });
  }
  return deleted;
}

async function deleteOne(
  client: KubeClient,
  discovery: Discovery,
  object: KubeObject,
  options: DeleteOptions,
): Promise<boolean> {
  const { propagation = "Background", graceSeconds, dryRun = false, wait = false, signal } = options;
  const resource = await discovery.find(object.apiVersion, object.kind, signal);
  // What the cluster does not know it does not have.
  if (resource === undefined) return false;
  const { name, uid } = object.metadata;
  const namespace = resource.isNamespaced ? (object.metadata.namespace ?? options.namespace ?? "default") : undefined;
  const path = resourcePath(resource, { namespace, name });
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: propagation,
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
    ...(dryRun ? { dryRun: ["All"] } : {}),
  };
  const answered = await send(client, { method: "DELETE", path, body }, options);
  if (answered === undefined) return false;
  if (wait && !dryRun) await untilGone(client, { path, uid: uid ?? answered, object }, options);
  return true;
}

/** The uid of what was deleted; undefined when it was not there (any more). */
async function send(
  client: KubeClient,
  wish: { readonly method: "DELETE"; readonly path: string; readonly body: unknown },
  { signal, clock = systemClock, patienceMs = deletePatienceMs }: DeleteOptions,
): Promise<string | undefined> {
  const until = clock.now() + patienceMs;
  const request = { ...wish, ...(signal === undefined ? {} : { signal }) };
  for (let failures = 1; ; failures += 1) {
    const answer = await client.request(request).catch((error: unknown) => {
      if (error instanceof KubeError && error.isPassing) return error;
      throw error;
    });
    const failure = answer instanceof KubeError ? answer : answer.status < 300 ? undefined : failureOf(request, answer);
    if (failure === undefined) return uidOf(answer instanceof KubeError ? undefined : answer.body);
    // A conflict: an object of this name is there, but another one than was meant.
    if (failure.code === "not-found" || failure.code === "conflict") return undefined;
    const asked = (failure.retryAfterSeconds ?? 0) * 1000;
    const waitMs = Math.max(backOffMs(failures, retryPace), Math.min(asked, retryAfterMsMax));
    if (!failure.isPassing || clock.now() + waitMs > until) throw failure;
    await clock.pause(waitMs, signal);
  }
}

/** The answer is the object while that has to end first, and otherwise a `Status` that names it. */
function uidOf(body: unknown): string {
  const { metadata, details } = body as { metadata?: { uid?: string }; details?: { uid?: string } };
  return metadata?.uid ?? details?.uid ?? "";
}

async function untilGone(
  client: KubeClient,
  { path, uid, object }: { readonly path: string; readonly uid: string; readonly object: KubeObject },
  { signal, clock = systemClock, patienceMs = deletePatienceMs }: DeleteOptions,
): Promise<void> {
  const until = clock.now() + patienceMs;
  const request = { method: "GET", path, ...(signal === undefined ? {} : { signal }) } as const;
  for (let asked = 1; ; asked += 1) {
    const answer = await client.request(request);
    if (answer.status === 404) return;
    const found = requireSuccess(request, answer) as KubeObject;
    if (uid !== "" && found.metadata.uid !== uid) return;
    const waitMs = backOffMs(asked, goneAskPace);
    if (clock.now() + waitMs > until) {
      const finalizers = found.metadata.finalizers?.join(", ");
      const why = finalizers === undefined ? "its grace period is not over" : `its finalizers wait: ${finalizers}`;
      throw new KubeError("timeout", `${nameOf(object)} is not gone after ${patienceMs / 1000} s: ${why}`);
    }
    await clock.pause(waitMs, signal);
  }
}
