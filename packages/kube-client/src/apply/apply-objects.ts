import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import { applyAtOnceMax, applyPatienceMs } from "../limits.ts";
import { Discovery } from "../objects/discovery.ts";
import { nameOf, withoutLists } from "../objects/kube-object.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { systemClock } from "../objects/pace.ts";
import type { Clock } from "../objects/pace.ts";
import { forEachParallel } from "../objects/parallel.ts";
import { applyOne, bringsAlong } from "./apply-one.ts";
import type { ApplyOutcome } from "./apply-outcome.ts";
import { groupsInOrder } from "./kind-order.ts";

export interface ApplyOptions {
  /** Whose fields they become. */
  readonly fieldManager: string;
  /** Takes fields that belong to others; without it they are conflicts, which are told and change nothing. */
  readonly force?: boolean;
  /** Of objects of a namespaced kind that name none: `default` when left out. */
  readonly namespace?: string;
  /** Everything but the writing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onApplied?: (outcome: ApplyOutcome) => void;
  /** How long an object waits for its namespace, its kind, a webhook or an overloaded server. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
}

/**
 * Applies objects on the server's side, kind after kind in Helm's order and many of a kind at once. All are tried; when some are refused, the
 * error that is thrown then names each of them.
 */
export async function applyObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  options: ApplyOptions,
): Promise<readonly ApplyOutcome[]> {
  const { fieldManager, force = false, dryRun = false, signal, onApplied } = options;
  const wanted = withoutTwins(withoutLists(objects));
  const appearing = new Set(wanted.flatMap((each) => bringsAlong(each) ?? []));
  const one = {
    client,
    discovery: new Discovery(client),
    clock: options.clock ?? systemClock,
    namespace: options.namespace ?? "default",
    patienceMs: options.patienceMs ?? applyPatienceMs,
    query: { fieldManager, ...(force ? { force: "true" } : {}), ...(dryRun ? { dryRun: "All" } : {}) },
    appearing,
    signal,
  };
  const outcomes: ApplyOutcome[] = [];
  const refused: { readonly object: KubeObject; readonly error: KubeError }[] = [];
  for (const group of groupsInOrder(wanted)) {
    await forEachParallel(group, applyAtOnceMax, async (object) => {
      try {
        const outcome = await applyOne(object, one);
        outcomes.push(outcome);
        onApplied?.(outcome);
      } catch (error) {
        // A server that is not there (any more) refuses everything alike.
        if (!(error instanceof KubeError) || error.code === "unreachable" || error.code === "unauthorized") throw error;
        appearing.delete(bringsAlong(object) ?? "");
        refused.push({ object, error });
      }
    });
  }
  if (refused.length > 0) throw notApplied(refused, wanted.length);
  return outcomes;
}

function notApplied(refused: readonly { object: KubeObject; error: KubeError }[], count: number): KubeError {
  const lines = refused.map(({ object, error }) => `  ${nameOf(object)}: ${error.message}`);
  return new KubeError("not-applied", `${refused.length} of ${count} objects were not applied:\n${lines.join("\n")}`, {
    cause: refused[0]?.error,
  });
}

/** What is given twice alike is applied once; what is given twice and differs would depend on chance. */
function withoutTwins(objects: readonly KubeObject[]): readonly KubeObject[] {
  const known = new Map<string, KubeObject>();
  for (const object of objects) {
    if (typeof object.metadata?.name !== "string") {
      throw new KubeError("invalid", `a ${object.kind} has no metadata.name: what is applied needs one`);
    }
    const key = `${object.apiVersion} ${nameOf(object)}`;
    const twin = known.get(key);
    if (twin !== undefined && !isDeepStrictEqual(twin, object)) {
      throw new KubeError("invalid", `${nameOf(object)} is given twice, and differently: remove one`);
    }
    known.set(key, twin ?? object);
  }
  return [...known.values()];
}
