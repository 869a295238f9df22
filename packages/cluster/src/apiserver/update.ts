import { keepTimesIfSame, trackUpdate } from "../apply/index.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, resetFieldsOf } from "../kinds/index.ts";
import { goQuote } from "../object/go-text.ts";
import type { KubeObject, ObjectMeta } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { checkIdentity } from "./check-identity.ts";
import { createObject, firstThen } from "./create.ts";
import { readObject } from "./object-store.ts";
import { bodyText, decodeBody, refuseProblems, yamlProblems } from "./read-body.ts";
import { answerWritten } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError, conflict, invalid, notFound, staleVersion } from "./status.ts";
import { Removal, write, type Change, type Turn } from "./write.ts";
import { writeOptionsOf, type WriteOptions } from "./write-options.ts";

/** PUT of an object or of its status. */
export async function update(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { request, kind, info, warnings } = call;
  const options = writeOptionsOf("UpdateOptions", request.query, {
    userAgent: request.headers["user-agent"] ?? "",
    isApply: false,
  });
  const body = await request.body();
  const text = bodyText(body, request.headers["content-type"]);
  if (options.fieldValidation === "Strict") refuseProblems(kind, yamlProblems(body, request.headers["content-type"]));
  const decoded = (fieldValidation: WriteOptions["fieldValidation"]): KubeObject => {
    const object = decodeBody(context, kind, text, { ...options, fieldValidation, warnings });
    checkIdentity(call, object);
    kind.strategy.setDefaults(object);
    return object;
  };
  const object = decoded(options.fieldValidation);
  if (
    kind.strategy.createsOnUpdate &&
    info.subresource === "" &&
    !readObject(context.store, kind, { namespace: namespaceOf(call), name: info.name })
  ) {
    call.needs("create");
    const { uid: _, resourceVersion: version, ...metadata } = object.metadata;
    if (version !== undefined && version !== "" && version !== "0") throw notFound(kind, info.name);
    const again = (): KubeObject => structuredClone({ ...object, metadata });
    const created = await createObject(context, call, again, options);
    return answerWritten(call, created, 201);
  }
  const next = firstThen(object, () => decoded("Ignore"));
  const written = await write(context, call, replacement(context, call, options, next));
  return answerWritten(call, written, 200);
}

/** A change of an object that is there; PATCH brings another way to the next object, which is another one each time and changes on its way. */
export function replacement(
  context: ServerContext,
  call: Call,
  options: WriteOptions,
  next: (current: KubeObject) => KubeObject,
): Change {
  const { kind, info, now } = call;
  return {
    name: info.name,
    operation: "UPDATE",
    subresource: info.subresource,
    dryRun: options.dryRun,
    propose: (current) => {
      if (!current) throw notFound(kind, info.name);
      const wanted = next(current);
      checkPreconditions(call, wanted, current);
      return trackUpdate({
        live: current,
        next: wanted,
        schema: kind.schema,
        library: context.library,
        manager: options.fieldManager,
        apiVersion: apiVersionOf(kind),
        subresource: info.subresource,
        ...resetFieldsOf(kind, info.subresource),
        now,
      });
    },
    settle: (proposed, current, turn) => settleUpdate(call, proposed, current, turn),
  };
}

/** Prepares and validates, in place, what takes the place of the current object; decides whether a deleted one may go now. */
export function settleUpdate(
  call: Call,
  next: KubeObject,
  current: KubeObject | undefined,
  turn: Turn,
): KubeObject | Removal {
  const { kind, info } = call;
  if (!current) throw notFound(kind, info.name);
  const { strategy } = kind;
  keepMetadata(next.metadata, current.metadata);
  const isStatus = info.subresource === "status";
  if (isStatus) strategy.prepareForStatusUpdate(next, current);
  else {
    turn.allocate(next, current);
    strategy.prepareForUpdate(next, current);
  }
  const warn = (sentence: string): void => void call.warnings.push(sentence);
  const errors = isStatus
    ? strategy.validateStatusUpdate(next, current, warn)
    : strategy.validateUpdate(next, current, warn);
  if (errors.length > 0) throw invalid(kind, info.name, errors);
  if (!isStatus) call.warnings.push(...strategy.warnings(next, current));
  turn.admitted(next);
  if (mayGo(next)) return new Removal(next);
  return keepTimesIfSame(current, next);
}

/** What the server gave stays as it is, whatever the author says of it; a change of it is refused where Kubernetes refuses it. */
function keepMetadata(next: ObjectMeta & { selfLink?: string }, current: ObjectMeta): void {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, namespace, resourceVersion } = current;
  if (next.selfLink !== undefined) delete next.selfLink;
  // Who names no version takes the newest.
  const isUnconditional = ["", "0"].includes(next.resourceVersion ?? "");
  if (isUnconditional && resourceVersion !== undefined) next.resourceVersion = resourceVersion;
  if (namespace !== undefined) next.namespace = namespace;
  if (uid !== undefined && (next.uid ?? "") === "") next.uid = uid;
  if (creationTimestamp !== undefined) next.creationTimestamp = creationTimestamp;
  if (deletionTimestamp !== undefined) next.deletionTimestamp = deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined) next.deletionGracePeriodSeconds ??= deletionGracePeriodSeconds;
}

/** A deleted object goes when nobody wants to finish something first and no process has to end. */
export function mayGo(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    finalizers.length === 0 &&
    deletionGracePeriodSeconds === 0 &&
    !hasContent(object)
  );
}

/** The content of a namespace goes before it does; that is told in its spec. */
function hasContent(object: KubeObject): boolean {
  if (object.kind !== "Namespace") return false;
  return ((object["spec"] as { finalizers?: readonly string[] } | undefined)?.finalizers ?? []).length > 0;
}

function checkPreconditions(call: Call, next: KubeObject, current: KubeObject): void {
  const { kind, info } = call;
  const { uid = "", resourceVersion = "" } = next.metadata;
  // Who sends a whole object says which one is meant; in a patch it is a change that is refused later.
  if (info.verb === "update" && uid !== "" && uid !== current.metadata.uid) {
    const why = `StorageError: invalid object, Code: 4, Key: ${registryKey(call, current)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(kind, info.name, why);
  }
  if (resourceVersion === "" || resourceVersion === "0") {
    if (!kind.strategy.updatesUnconditionally)
      throw invalid(kind.custom ? { ...kind, kind: kind.plural } : kind, info.name, [
        {
          reason: "FieldValueInvalid",
          field: "metadata.resourceVersion",
          message: "Invalid value: 0: must be specified for an update",
        },
      ]);
    return;
  }
  if (resourceVersion === current.metadata.resourceVersion) return;
  if (!/^\d+$/u.test(resourceVersion))
    throw new ApiError(500, "", `strconv.ParseUint: parsing ${goQuote(resourceVersion)}: invalid syntax`);
  throw conflict(kind, info.name, staleVersion);
}

/** Where Kubernetes has the object in its own store: a dry run sees it without the first part. */
function registryKey({ kind, info, request }: Call, { metadata: { namespace } }: KubeObject): string {
  const isPlain = kind.custom === undefined && !ownGroups.has(kind.group);
  const folder = isPlain ? (folders[kind.plural] ?? kind.plural) : `${kind.group}/${kind.plural}`;
  const root = request.query.getAll("dryRun").includes("All") ? "" : "/registry";
  return `${root}/${folder}/${namespace === undefined ? "" : `${namespace}/`}${info.name}`;
}

const ownGroups = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

const folders: Readonly<Record<string, string>> = {
  replicationcontrollers: "controllers",
  endpoints: "services/endpoints",
  services: "services/specs",
  nodes: "minions",
  ingresses: "ingress",
};
