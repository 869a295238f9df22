import { setTimeout } from "node:timers/promises";
import { timeText, trackUpdate } from "../apply/index.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, resetFieldsOf } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { randomUid } from "../object/random-uid.ts";
import { namespaceOf, type Call } from "./call.ts";
import { checkNamespace } from "./check-identity.ts";
import { generateName } from "./generated-name.ts";
import { nameAttemptsMax, passingAttemptsMax, passingWaitMs } from "./limits.ts";
import { bodyText, decodeBody, refuseProblems, yamlProblems } from "./read-body.ts";
import { answerWritten } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { alreadyExists, ApiError, forbidden, invalid } from "./status.ts";
import { write, type Change, type Turn, type Written } from "./write.ts";
import { writeOptionsOf, type WriteOptions } from "./write-options.ts";

/** POST of an object. */
export async function create(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { request, kind, warnings } = call;
  const options = writeOptionsOf("CreateOptions", request.query, {
    userAgent: request.headers["user-agent"] ?? "",
    isApply: false,
  });
  const body = await request.body();
  const text = bodyText(body, request.headers["content-type"]);
  if (options.fieldValidation === "Strict") refuseProblems(kind, yamlProblems(body, request.headers["content-type"]));
  const object = decodeBody(context, kind, text, { ...options, warnings });
  const again = (): KubeObject => decodeBody(context, kind, text, { ...options, fieldValidation: "Ignore", warnings });
  const written = await createObject(context, call, firstThen(object, again), options);
  return answerWritten(call, written, 201);
}

/** What was sent changes on its way, in place: whoever has to begin anew begins with another one. */
export function firstThen<T>(first: T, again: () => T): () => T {
  let next: T | undefined = first;
  return () => {
    const taken = next ?? again();
    next = undefined;
    return taken;
  };
}

/** The rest of the walk, for whoever has the object already. */
export async function createObject(
  context: ServerContext,
  call: Call,
  sent: () => KubeObject,
  options: WriteOptions,
): Promise<Written> {
  const { kind } = call;
  const first = sent();
  claim(call, first);
  kind.strategy.setDefaults(first);
  const { generateName: base = "", name: given } = first.metadata;
  const defaulted = firstThen(first, () => {
    const object = sent();
    claim(call, object);
    kind.strategy.setDefaults(object);
    return object;
  });
  for (let attempt = 1; ; attempt++) {
    const name = given || (base === "" ? "" : generateName(base));
    try {
      return await write(
        context,
        call,
        creation(context, call, options, { name, object: () => named(defaulted(), name) }),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isPassing && attempt < passingAttemptsMax) await setTimeout(passingWaitMs);
      else if (given || error.reason !== "AlreadyExists" || attempt >= nameAttemptsMax) throw error;
    }
  }
}

function named(object: KubeObject, name: string): KubeObject {
  if (name !== "") object.metadata.name = name;
  return object;
}

interface Creation {
  readonly name: string;
  /** Another one each time it is called. */
  readonly object: () => KubeObject;
}

function creation(context: ServerContext, call: Call, options: WriteOptions, { name, object }: Creation): Change {
  const { kind, now } = call;
  return {
    name,
    operation: "CREATE",
    subresource: "",
    dryRun: options.dryRun,
    propose: () => {
      if (kind.custom?.isTerminating)
        throw forbidden(kind, name, "create not allowed while custom resource definition is terminating");
      const { schema } = kind;
      return trackUpdate({
        live: undefined,
        next: object(),
        schema,
        library: context.library,
        manager: options.fieldManager,
        apiVersion: apiVersionOf(kind),
        ...resetFieldsOf(kind, ""),
        now,
      });
    },
    settle: (proposed, current, turn) => {
      const next = settleCreation(call, proposed, turn);
      // What is wrong with it is said before that it is there.
      if (current && name !== "") throw alreadyThere(kind, name, current);
      if (!options.dryRun) takeVersion(next);
      return next;
    },
  };
}

/** Gives a new object what the server gives, prepares and validates it, all in place. */
export function settleCreation(call: Call, next: KubeObject, turn: Turn): KubeObject {
  const { strategy } = call.kind;
  begin(call, next);
  turn.allocate(next, undefined);
  strategy.prepareForCreate(next, call.user);
  const errors = strategy.validate(next);
  if (errors.length > 0) throw invalid(call.kind, next.metadata.name ?? next.metadata.generateName ?? "", errors);
  call.warnings.push(...strategy.warnings(next, undefined));
  turn.admitted(next);
  // Kubernetes completes what it stored once more when it reads it, and some defaults come of what was prepared.
  strategy.setDefaults(next);
  return next;
}

/** The metadata that only the server gives. */
function begin(call: Call, { metadata }: KubeObject): void {
  for (const field of notGiven) if (Object.hasOwn(metadata, field)) delete (metadata as Record<string, unknown>)[field];
  const namespace = namespaceOf(call);
  if (namespace === "") delete metadata.namespace;
  else metadata.namespace = namespace;
  metadata.uid = randomUid();
  metadata.creationTimestamp = timeText(call.now);
}

const notGiven = ["selfLink", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] as const;

/** What only the server gives is nobody's field; the namespace has to be that of the request. */
function claim(call: Call, { metadata }: KubeObject): void {
  for (const field of notGiven) if (Object.hasOwn(metadata, field)) delete (metadata as Record<string, unknown>)[field];
  checkNamespace(call, metadata);
}

/** A dry run shows the version that was sent: only the store minds it, and only when it is one. */
function takeVersion({ metadata }: KubeObject): void {
  const { resourceVersion: version } = metadata;
  if (version === undefined) return;
  delete metadata.resourceVersion;
  if (/^0*[1-9]\d*$/.test(version))
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
}

function alreadyThere(kind: Call["kind"], name: string, current: KubeObject): ApiError {
  const { code, reason, message, details } = alreadyExists(kind, name);
  const isGoing = current.metadata.deletionTimestamp !== undefined;
  return new ApiError(code, reason, isGoing ? `object is being deleted: ${message}` : message, details);
}
