import type { KubeAnswer, KubeClient } from "../kube-client.ts";
import { KubeError, failureOf, statusOf } from "../kube-error.ts";
import { retryPace, retryAfterMsMax } from "../limits.ts";
import type { Discovery } from "../objects/discovery.ts";
import { nameOf } from "../objects/kube-object.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { backOffMs } from "../objects/pace.ts";
import type { Clock } from "../objects/pace.ts";
import { resourcePath } from "../objects/resource-kind.ts";
import { conflictsOf } from "./apply-outcome.ts";
import type { ApplyOutcome } from "./apply-outcome.ts";

export interface ApplyOneOptions {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly query: Readonly<Record<string, string>>;
  /** Of objects that name none. */
  readonly namespace: string;
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
  /** What this very run makes, and is waited for: `Namespace shop-dev`, `example.org/Widget`. */
  readonly appearing: ReadonlySet<string>;
}

type Step =
  | { readonly kind: "done"; readonly outcome: ApplyOutcome }
  | { readonly kind: "wait"; readonly why: KubeError }
  | { readonly kind: "refused"; readonly why: KubeError };

/** Applies an object, again and again while what it needs is still coming. */
export async function applyOne(object: KubeObject, options: ApplyOneOptions): Promise<ApplyOutcome> {
  const { clock, patienceMs, signal } = options;
  const until = clock.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    const step = await attempt(object, options);
    if (step.kind === "done") return step.outcome;
    const asked = (step.why.retryAfterSeconds ?? 0) * 1000;
    const waitMs = Math.max(backOffMs(failures, retryPace), Math.min(asked, retryAfterMsMax));
    if (step.kind === "refused" || clock.now() + waitMs > until) throw step.why;
    await clock.pause(waitMs, signal);
  }
}

async function attempt(object: KubeObject, options: ApplyOneOptions): Promise<Step> {
  try {
    return await send(object, options);
  } catch (error) {
    if (error instanceof KubeError && error.isPassing) return { kind: "wait", why: error };
    if (error instanceof KubeError) return { kind: "refused", why: error };
    throw error;
  }
}

async function send(object: KubeObject, options: ApplyOneOptions): Promise<Step> {
  const { client, discovery, query, signal, appearing } = options;
  const resource = await discovery.find(object.apiVersion, object.kind, signal);
  if (resource === undefined) {
    discovery.forget(object.apiVersion);
    const text = `the cluster knows no kind ${object.kind} in ${object.apiVersion}: install what brings it (its CustomResourceDefinition) first`;
    const why = new KubeError("not-found", text);
    return { kind: appearing.has(kindKey(object)) ? "wait" : "refused", why };
  }
  const namespace = resource.isNamespaced ? (object.metadata.namespace ?? options.namespace) : undefined;
  const path = resourcePath(resource, { namespace, name: object.metadata.name });
  const request = {
    method: "PATCH",
    path,
    query,
    contentType: "application/apply-patch+yaml",
    body: object,
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const answer = await client.request(request);
  if (answer.status === 200 || answer.status === 201) {
    const result = answer.status === 201 ? "created" : "applied";
    return { kind: "done", outcome: { result, object: answer.body as KubeObject, warnings: answer.warnings ?? [] } };
  }
  const conflicts = conflictsOf(answer);
  if (conflicts.length > 0) return { kind: "done", outcome: { result: "conflict", object, conflicts } };
  if (isMissingKind(answer)) discovery.forget(object.apiVersion);
  const why = failureOf(request, answer);
  return { kind: mayPass(answer, object, { ...options, namespace: namespace ?? "" }) ? "wait" : "refused", why };
}

/** Whether what stands in the way goes away by itself. */
function mayPass(answer: KubeAnswer, object: KubeObject, { appearing, namespace }: ApplyOneOptions): boolean {
  const { details, message = "" } = statusOf(answer.body);
  switch (answer.status) {
    // Somebody wrote at the same time, or the old object of this name is still going.
    case 409:
    case 429:
      return true;
    case 404:
      return isMissingKind(answer)
        ? appearing.has(kindKey(object))
        : details?.kind === "namespaces" && appearing.has(`Namespace ${namespace}`);
    case 403:
      // The namespace is going and will come again, or its first service account is not there yet.
      return (
        details?.causes?.some((each) => each.reason === "NamespaceTerminating") === true ||
        message.includes("error looking up service account")
      );
    default:
      // A webhook whose pods are just starting answers with 500.
      return answer.status >= 500;
  }
}

/** The path is not served: the kind is not there (yet), or has gone since it was discovered. */
function isMissingKind({ status, body }: KubeAnswer): boolean {
  return status === 404 && statusOf(body).details?.name === undefined;
}

export function kindKey({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): string {
  return `${apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : ""}/${kind}`;
}

/** What others of the same run may have to wait for. */
export function bringsAlong(object: KubeObject): string | undefined {
  if (object.kind === "Namespace") return nameOf(object);
  if (object.kind !== "CustomResourceDefinition") return undefined;
  const spec = object["spec"] as { group?: string; names?: { kind?: string } } | undefined;
  return `${spec?.group ?? ""}/${spec?.names?.kind ?? ""}`;
}
