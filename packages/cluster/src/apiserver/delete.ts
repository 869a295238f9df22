import type { AdmissionRequest } from "../admission/admission.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import { equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { deleteOptionsOf, type DeleteOptions } from "./delete-options.ts";
import { decodeObject, encodeObject, keyOf } from "./object-store.ts";
import { answerObject, answerValue } from "./respond.ts";
import { formOf } from "./negotiate.ts";
import type { ServerContext } from "./server-context.ts";
import { conflict, detailsOf, notFound, type Status } from "./status.ts";
import { mayGo } from "./update.ts";

export type Deleted =
  /** Somebody has to finish something first, or processes have to end. */
  { readonly kind: "waiting"; readonly object: KubeObject } | { readonly kind: "gone"; readonly object: KubeObject };

/** Kinds whose deletion answers with the object even when it is gone at once. */
const answeredWithObject = new Set([
  "pods",
  "serviceaccounts",
  "services",
  "persistentvolumes",
  "persistentvolumeclaims",
  "podtemplates",
  "resourcequotas",
  "storageclasses",
  "csidrivers",
  "csinodes",
  "volumeattachments",
  "volumeattributesclasses",
  "resourceclaims",
  "resourceclaimtemplates",
  "resourceslices",
  "deviceclasses",
]);

/** DELETE of one object. */
export async function remove(context: ServerContext, call: Call): Promise<ApiResponse> {
  const options = await deleteOptionsOf(call);
  const deleted = await deleteObject(context, call, call.info.name, options);
  // Who asked for dependents to be deleted as well is told that it goes on.
  const isAccepted = deleted.kind === "waiting" && options.orphanDependents === false;
  if (deleted.kind === "waiting" || answeredWithObject.has(call.kind.plural))
    return answerObject(call, deleted.object, isAccepted ? 202 : 200);
  const { uid } = deleted.object.metadata;
  const details = { ...detailsOf(call.kind, call.info.name), ...(uid === undefined ? {} : { uid }) };
  const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  return answerValue(status, { status: 200, form: formOf(call.request, "outcome"), warnings: call.warnings });
}

/** Marks an object as deleted, or removes it when nothing stands in the way. */
export async function deleteObject(
  context: ServerContext,
  call: Call,
  name: string,
  options: DeleteOptions,
): Promise<Deleted> {
  const { kind } = call;
  const about = aboutOf(call, name, options);
  const { dryRun } = about;
  if (kind.plural === "jobs" && options.propagationPolicy === undefined && options.orphanDependents === undefined)
    call.warnings.push(orphanedPods);
  if (context.admission.remote.isAsked(about)) await askOthers(context, about);
  const found: { deleted?: Deleted; isShown?: true } = {};
  const key = keyOf(kind, about.namespace, name);
  const write = context.store.write({
    key,
    decide: (stored, revision) => {
      if (!stored) throw notFound(kind, name);
      const current = decodeObject(kind, stored);
      checkPreconditions(call, current, options);
      for (const step of [...context.admission.mutating, ...context.admission.validating])
        step({ ...about, object: undefined, old: current });
      const wasMarked = current.metadata.deletionTimestamp !== undefined;
      const next = marked(call, current, options);
      if (mayGo(next)) {
        // Without a grace period nothing was marked: the object is answered as it was.
        const hasGrace = kind.strategy.defaultGraceSeconds !== undefined;
        found.deleted = { kind: "gone", object: hasGrace ? next : current };
        if (dryRun) return "keep";
        if (!hasGrace || hasToEndNow(current)) return "delete";
        found.isShown = true;
        return encodeObject(kind, next, revision);
      }
      const isKept = dryRun || (wasMarked && equalJson(next, current));
      const version = isKept ? stored.modifiedAt : revision;
      const metadata = { ...next.metadata, resourceVersion: String(version) };
      found.deleted = { kind: "waiting", object: { ...next, metadata } };
      return isKept ? "keep" : encodeObject(kind, next, revision);
    },
  });
  // Who watches is told that its processes have to end before it is gone; nobody writes in between.
  const removal = found.isShown && context.store.write({ key, decide: () => "delete" });
  const [outcome] = await Promise.all(removal ? [removal, write] : [write]);
  const { deleted } = found;
  if (!deleted) throw notFound(kind, name);
  if (outcome.kind !== "deleted") return deleted;
  return {
    kind: "gone",
    object: { ...deleted.object, metadata: { ...deleted.object.metadata, resourceVersion: String(outcome.revision) } },
  };
}

type About = Omit<AdmissionRequest, "object" | "old">;

function aboutOf(call: Call, name: string, options: DeleteOptions): About {
  const { kind, user, warnings, annotations } = call;
  return {
    operation: "DELETE",
    kind,
    subresource: "",
    namespace: namespaceOf(call),
    name,
    user,
    dryRun: options.dryRun?.includes("All") ?? false,
    warnings,
    auditAnnotations: annotations,
    options: { ...options, kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" },
  };
}

async function askOthers({ store, admission }: ServerContext, about: About): Promise<void> {
  const stored = store.get(keyOf(about.kind, about.namespace, about.name));
  if (!stored) throw notFound(about.kind, about.name);
  const request = { ...about, object: undefined, old: decodeObject(about.kind, stored) };
  await admission.remote.mutate(request);
  await admission.remote.validate(request);
}

function hasToEndNow({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

function checkPreconditions(
  { kind }: Call,
  { metadata }: KubeObject,
  { preconditions: { uid, resourceVersion } = {} }: DeleteOptions,
): void {
  const { name = "" } = metadata;
  // Here Kubernetes names the kind, not the plural.
  const what = { group: kind.group, plural: kind.kind };
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      what,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      what,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
}

/** The object with the time of its deletion, who has to finish something before, and how long processes have. */
function marked({ kind, now }: Call, current: KubeObject, options: DeleteOptions): KubeObject {
  if (current.metadata.deletionTimestamp === undefined) kind.strategy.prepareForDelete?.(current, now);
  const { metadata } = current;
  const finalizers = finalizersFor(kind.plural, current, options);
  const grace = graceSeconds(kind.strategy.defaultGraceSeconds?.(current), options, current);
  const isEarlier = metadata.deletionTimestamp === undefined || grace < (metadata.deletionGracePeriodSeconds ?? 0);
  const { finalizers: _, ...rest } = metadata;
  const generation =
    metadata.deletionTimestamp === undefined && metadata.generation !== undefined
      ? { generation: metadata.generation + 1 }
      : {};
  return withTerminatingPhase({
    ...current,
    metadata: {
      ...rest,
      ...generation,
      ...(isEarlier
        ? {
            deletionTimestamp: new Date(now.getTime() + grace * 1_000).toISOString().replace(/\.\d+Z$/, "Z"),
            // A namespace goes when it is empty, however long that takes.
            ...(current.kind === "Namespace" ? {} : { deletionGracePeriodSeconds: grace }),
          }
        : {}),
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  });
}

/** A negative wish is one second, which nobody can ask for otherwise. What has nothing to end gets no time, whatever is asked. */
function graceSeconds(
  byDefault: number | undefined,
  { gracePeriodSeconds: asked }: DeleteOptions,
  { metadata }: KubeObject,
): number {
  if (byDefault === undefined) return 0;
  const wanted = asked === undefined ? byDefault : asked < 0 ? 1 : asked;
  const left = metadata.deletionTimestamp === undefined ? wanted : (metadata.deletionGracePeriodSeconds ?? wanted);
  return Math.min(wanted, left);
}

const orphan = "orphan";
const foreground = "foregroundDeletion";

/** Kinds from the time before there was a garbage collector: what belongs to them stays unless somebody says otherwise. */
const orphaning = new Set(["jobs", "replicationcontrollers"]);
const orphanedPods =
  "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

function finalizersFor(
  plural: string,
  { metadata }: KubeObject,
  { propagationPolicy: policy, orphanDependents: orphans }: DeleteOptions,
): readonly string[] & string[] {
  const present = metadata.finalizers ?? [];
  const others = present.filter((each) => each !== orphan && each !== foreground);
  // Nothing belongs to an event.
  if (plural === "events") return others;
  const joined = (finalizer: string): string[] =>
    present.includes(finalizer) && others.length === present.length - 1 ? present : [...others, finalizer];
  if (policy === "Foreground") return joined(foreground);
  if (policy === "Orphan" || orphans === true) return joined(orphan);
  if (policy === "Background" || orphans === false) return others;
  const isDecided = others.length < present.length;
  return isDecided || !orphaning.has(plural) ? present : [...others, orphan];
}

/** The content of a namespace is removed before it goes; that is its own kind of finalizer. */
function withTerminatingPhase(object: KubeObject): KubeObject {
  if (object.kind !== "Namespace") return object;
  const finalizers = (object["spec"] as { finalizers?: readonly string[] } | undefined)?.finalizers ?? [];
  const status = { ...(object["status"] as object | undefined), phase: "Terminating" };
  return finalizers.length === 0 ? object : { ...object, status };
}
