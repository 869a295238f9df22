import type { AdmissionRequest } from "../admission/admission.ts";
import { decodeManagers } from "../apply/index.ts";
import { equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { StoredValue, WriteOutcome } from "../store/store.ts";
import { namespaceOf, type Call } from "./call.ts";
import { writeAttemptsMax } from "./limits.ts";
import { decodeObject, encodeObject, keyOf } from "./object-store.ts";
import type { ServerContext } from "./server-context.ts";
import { conflict, internalError, staleVersion } from "./status.ts";

/** One change of one object, in the two halves between which others may be asked. */
export interface Change {
  readonly name: string;
  readonly operation: "CREATE" | "UPDATE";
  /** An update that creates what is not there; admission is told what it is. */
  readonly mayCreate?: true;
  readonly subresource: string;
  readonly dryRun: boolean;
  /** What the author wants: decoded or patched, defaulted, with its owners. Throws what is refused. */
  readonly propose: (current: KubeObject | undefined) => KubeObject;
  /** What becomes of it: prepared and validated. It is nobody else's and gets its version in place. */
  readonly settle: (proposed: KubeObject, current: KubeObject | undefined, turn: Turn) => KubeObject | Removal;
}

/** The change took away the last thing that kept a deleted object. */
export class Removal {
  readonly object: KubeObject;

  constructor(object: KubeObject) {
    this.object = object;
  }
}

/** What a change has done on its way: in this order, where it is wanted. */
export interface Turn {
  /** Gives the object what only one may have, in place: addresses and ports of services. Throws what is refused. */
  readonly allocate: (next: KubeObject, current: KubeObject | undefined) => void;
  /** After the validation: those who only look at it. Throws what is refused. */
  readonly admitted: (next: KubeObject) => void;
}

export interface Written {
  readonly object: KubeObject;
  /** Undefined when nothing was stored: a dry run, or a write that changes nothing. */
  readonly outcome: WriteOutcome | undefined;
}

/** Carries out a change. Without others to be asked it is decided in one piece, in its turn; nobody else can write in between. */
export async function write(context: ServerContext, call: Call, change: Change): Promise<Written> {
  const allocation = context.allocations?.begin(
    call.kind,
    keyOf(call.kind, namespaceOf(call), change.name),
    change.dryRun,
  );
  const allocate: Turn["allocate"] = (next, current) => allocation?.allocate(next, current);
  let written: Written | undefined;
  try {
    written = await writeAllocating(context, call, change, allocate);
    return written;
  } finally {
    allocation?.finish(written?.outcome?.kind === "written");
  }
}

function writeAllocating(
  context: ServerContext,
  call: Call,
  change: Change,
  allocate: Turn["allocate"],
): Promise<Written> {
  const about = aboutOf(call, change);
  const { admission } = context;
  const isAsked = admission.remote.isAsked(about) || (change.mayCreate && admission.remote.isAsked(creating(about)));
  if (isAsked) return writeAskingOthers(context, call, change, allocate);
  return commit(context, call, change, (current) => {
    const proposed = change.propose(current);
    const request = { ...(current ? about : creating(about)), object: inNamespace(proposed, about), old: current };
    for (const step of admission.mutating) step(request);
    const next = settled(context, change, request, allocate);
    count(context, request, next);
    return next;
  });
}

type About = Omit<AdmissionRequest, "object" | "old">;

/** Where it will be is known before it is told to anybody. */
function inNamespace(proposed: KubeObject, { namespace }: About): KubeObject {
  if (namespace !== "") proposed.metadata.namespace = namespace;
  return proposed;
}

function creating(about: About): About {
  if (about.operation === "CREATE") return about;
  return { ...about, operation: "CREATE", options: { ...about.options, kind: "CreateOptions" } };
}

/** What only counts when nothing can go wrong any more. */
function count({ admission }: ServerContext, request: AdmissionRequest, next: KubeObject | Removal): void {
  if (next instanceof Removal) return;
  const counted = { ...request, object: next };
  for (const step of admission.counting) step(counted);
}

async function writeAskingOthers(
  context: ServerContext,
  call: Call,
  change: Change,
  allocate: Turn["allocate"],
): Promise<Written> {
  const { store, admission } = context;
  const key = keyOf(call.kind, namespaceOf(call), change.name);
  for (let attempt = 0; attempt < writeAttemptsMax; attempt++) {
    const before = store.get(key);
    const current = before && decodeObject(call.kind, before);
    const proposed = change.propose(current);
    const about = aboutOf(call, change);
    const request = { ...(current ? about : creating(about)), object: inNamespace(proposed, about), old: current };
    for (const step of admission.mutating) step(request);
    const { managedFields } = proposed.metadata;
    await admission.remote.mutate(request);
    keepReadable(request.object.metadata, managedFields, call.warnings);
    const next = settled(context, change, request, allocate);
    await admission.remote.validate({ ...request, object: next instanceof Removal ? next.object : next });
    const seen = before?.modifiedAt;
    const written = await commit(context, call, change, (_, stored) => {
      if (stored?.modifiedAt !== seen) return "changed";
      count(context, request, next);
      return next;
    });
    if (written !== changed) return written;
  }
  throw conflict(call.kind, change.name, staleVersion);
}

/** Those who were asked may have changed who owns what, but not to something that nobody can read. */
function keepReadable(
  metadata: KubeObject["metadata"],
  before: KubeObject["metadata"]["managedFields"],
  warnings: string[],
): void {
  const decoded = decodeManagers(metadata.managedFields);
  if ("managers" in decoded) return;
  if (before === undefined) delete metadata.managedFields;
  else metadata.managedFields = before;
  warnings.push(
    `.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: ${decoded.problem}`,
  );
}

const changed: Written = { object: { apiVersion: "", kind: "", metadata: {} }, outcome: undefined };

function settled(
  { admission }: ServerContext,
  change: Change,
  request: AdmissionRequest & { readonly object: KubeObject },
  allocate: Turn["allocate"],
): KubeObject | Removal {
  return change.settle(request.object, request.old, {
    allocate,
    admitted: (next) => {
      const admitted = { ...request, object: next };
      for (const step of admission.validating) step(admitted);
    },
  });
}

type Decide = (current: KubeObject | undefined, stored: StoredValue | undefined) => KubeObject | Removal | "changed";

async function commit(context: ServerContext, call: Call, change: Change, decide: Decide): Promise<Written> {
  const { kind } = call;
  const key = keyOf(kind, namespaceOf(call), change.name);
  let result: Written | undefined;
  const outcome = await context.store.write({
    key,
    decide: (stored, revision) => {
      const current = stored && decodeObject(kind, stored);
      const next = decide(current, stored);
      if (next === "changed") {
        result = changed;
        return "keep";
      }
      const object = next instanceof Removal ? next.object : next;
      result = { object, outcome: undefined };
      // A dry run of a creation shows the version that was sent.
      if (current || !change.dryRun) setVersion(object, current?.metadata.resourceVersion);
      if (next instanceof Removal) return change.dryRun ? "keep" : "delete";
      // A write that changes nothing is none: no new version, no event.
      if (change.dryRun || equalJson(object, current)) return "keep";
      setVersion(object, String(revision));
      return encodeObject(kind, object, revision);
    },
  });
  if (!result) throw internalError("a write was not decided");
  return result === changed || outcome.kind === "kept" ? result : { ...result, outcome };
}

function setVersion({ metadata }: KubeObject, version: string | undefined): void {
  if (version === undefined) delete metadata.resourceVersion;
  else metadata.resourceVersion = version;
}

function aboutOf(
  call: Call,
  { operation, name, subresource, dryRun }: Change,
): Omit<AdmissionRequest, "object" | "old"> {
  const { kind, user, warnings, annotations } = call;
  return {
    operation,
    kind,
    subresource,
    namespace: namespaceOf(call),
    name,
    user,
    dryRun,
    options: optionsOf(call, operation),
    warnings,
    auditAnnotations: annotations,
  };
}

/** As they were said. */
function optionsOf({ request: { query } }: Call, operation: Change["operation"]): Readonly<Record<string, unknown>> {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const [fieldManager, fieldValidation] = [query.get("fieldManager"), query.get("fieldValidation")];
  return {
    kind: operation === "CREATE" ? "CreateOptions" : "UpdateOptions",
    apiVersion: "meta.k8s.io/v1",
    ...(dryRun.length > 0 ? { dryRun } : {}),
    ...(fieldManager ? { fieldManager } : {}),
    ...(fieldValidation ? { fieldValidation } : {}),
  };
}
