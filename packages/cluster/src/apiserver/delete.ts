import type { AdmissionRequest } from "../admission/admission.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import type { FieldError } from "../object/field-error.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { decodeObject, encodeObject, keyOf } from "./object-store.ts";
import { bodyText } from "./read-body.ts";
import { answerObject, answerValue } from "./respond.ts";
import { formOf } from "./negotiate.ts";
import type { ServerContext } from "./server-context.ts";
import { badRequest, conflict, detailsOf, invalid, notFound, type Status } from "./status.ts";
import { mayGo } from "./update.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

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
  if (deleted.kind === "waiting" || answeredWithObject.has(call.kind.plural)) return answerObject(call, deleted.object);
  const { uid } = deleted.object.metadata;
  const details = { ...detailsOf(call.kind, call.info.name), ...(uid === undefined ? {} : { uid }) };
  const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  return answerValue(status, { status: 200, form: formOf(call.request, "outcome"), warnings: call.warnings });
}

export async function deleteOptionsOf({ request }: Call): Promise<DeleteOptions> {
  const body = await request.body();
  const query = request.query;
  const grace = query.get("gracePeriodSeconds");
  const orphan = query.get("orphanDependents");
  const policy = query.get("propagationPolicy");
  const fromQuery: DeleteOptions = {
    ...(grace === null ? {} : { gracePeriodSeconds: wholeNumber(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(orphan === null ? {} : { orphanDependents: orphan !== "false" }),
    ...(query.has("dryRun") ? { dryRun: query.getAll("dryRun") } : {}),
  };
  // What stands in the body takes the place of all that stands in the address.
  const options = body.length === 0 ? fromQuery : readOptions(bodyText(body, request.headers["content-type"]));
  const errors = faultsOf(options);
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", errors);
  return options;
}

function readOptions(text: string): DeleteOptions {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as DeleteOptions;
  } catch {
    throw badRequest("the body of the deletion is no DeleteOptions");
  }
  throw badRequest("the body of the deletion is no DeleteOptions");
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function faultsOf({ propagationPolicy: policy, orphanDependents, dryRun }: DeleteOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined)
    errors.push({
      reason: "FieldValueInvalid",
      field: "propagationPolicy",
      message: `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`,
    });
  if (policy !== undefined && !["Foreground", "Background", "Orphan", ""].includes(policy))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "propagationPolicy",
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
    });
  if (dryRun?.some((value) => value !== "All"))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "dryRun",
      message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
    });
  return errors;
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
      found.deleted = {
        kind: "waiting",
        object: {
          ...next,
          metadata: { ...next.metadata, resourceVersion: String(dryRun ? stored.modifiedAt : revision) },
        },
      };
      return dryRun ? "keep" : encodeObject(kind, next, revision);
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
  const finalizers = finalizersFor(current, options);
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
  if (byDefault === undefined || byDefault === 0) return 0;
  const wanted = asked === undefined ? byDefault : asked < 0 ? 1 : asked;
  const left = metadata.deletionTimestamp === undefined ? wanted : (metadata.deletionGracePeriodSeconds ?? wanted);
  return Math.min(wanted, left);
}

const orphan = "orphan";
const foreground = "foregroundDeletion";

function finalizersFor(
  { metadata }: KubeObject,
  { propagationPolicy: policy, orphanDependents }: DeleteOptions,
): readonly string[] & string[] {
  const present = metadata.finalizers ?? [];
  const others = present.filter((each) => each !== orphan && each !== foreground);
  if (policy === "Orphan" || orphanDependents === true) return [...others, orphan];
  if (policy === "Foreground") return [...others, foreground];
  return policy === "Background" || orphanDependents === false ? others : present;
}

/** The content of a namespace is removed before it goes; that is its own kind of finalizer. */
function withTerminatingPhase(object: KubeObject): KubeObject {
  if (object.kind !== "Namespace") return object;
  const finalizers = (object["spec"] as { finalizers?: readonly string[] } | undefined)?.finalizers ?? [];
  const status = { ...(object["status"] as object | undefined), phase: "Terminating" };
  return finalizers.length === 0 ? object : { ...object, status };
}
