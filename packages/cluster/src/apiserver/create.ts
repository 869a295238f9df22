import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { trackUpdate } from "../apply/index.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, resetFieldsOf } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { generateName } from "./generated-name.ts";
import { nameAttemptsMax, passingAttemptsMax, passingWaitMs } from "./limits.ts";
import { bodyText, decodeBody, refuseProblems, yamlProblems } from "./read-body.ts";
import { answerWritten } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { alreadyExists, ApiError, badRequest, forbidden, invalid } from "./status.ts";
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
  const written = await createObject(context, call, object, options);
  return answerWritten(call, written, 201);
}

/** The rest of the walk, for whoever has the object already. */
export async function createObject(
  context: ServerContext,
  call: Call,
  object: KubeObject,
  options: WriteOptions,
): Promise<Written> {
  checkNamespace(call, object);
  const { kind } = call;
  kind.strategy.setDefaults(object);
  const { generateName: base = "", name: given } = object.metadata;
  for (let attempt = 1; ; attempt++) {
    const name = given || (base === "" ? "" : generateName(base));
    try {
      return await write(
        context,
        call,
        creation(
          context,
          call,
          { ...object, metadata: { ...object.metadata, ...(name === "" ? {} : { name }) } },
          options,
        ),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isPassing && attempt < passingAttemptsMax) await setTimeout(passingWaitMs);
      else if (given || error.reason !== "AlreadyExists" || attempt >= nameAttemptsMax) throw error;
    }
  }
}

function creation(context: ServerContext, call: Call, object: KubeObject, options: WriteOptions): Change {
  const { kind, now } = call;
  const { name = "" } = object.metadata;
  return {
    name,
    operation: "CREATE",
    subresource: "",
    dryRun: options.dryRun,
    propose: () => {
      if (kind.custom?.isTerminating)
        throw forbidden(kind, name, "create not allowed while custom resource definition is terminating");
      const { schema } = kind;
      const owned = trackUpdate({
        live: undefined,
        next: object,
        schema,
        library: context.library,
        manager: options.fieldManager,
        apiVersion: apiVersionOf(kind),
        ...resetFieldsOf(kind, ""),
        now,
      });
      // Admission changes it in place, and the next attempt begins with what was sent. Defaults may be in two places as
      // one and the same value (labels of jobs), which a copy by members would part.
      return structuredClone(owned);
    },
    settle: (proposed, current, turn) => {
      const next = settleCreation(call, proposed, turn);
      // What is wrong with it is said before that it is there.
      if (current && name !== "") throw alreadyExists(kind, name);
      return next;
    },
  };
}

/** Gives a new object what the server gives, prepares and validates it. */
export function settleCreation(call: Call, proposed: KubeObject, turn: Turn): KubeObject {
  const { strategy } = call.kind;
  const next = begun(call, proposed);
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

/** The metadata that the server gives. */
function begun(call: Call, object: KubeObject): KubeObject {
  const {
    selfLink: _,
    resourceVersion: version,
    deletionTimestamp: __,
    deletionGracePeriodSeconds: ___,
    ...given
  } = object.metadata as KubeObject["metadata"] & { selfLink?: string };
  if (version !== undefined && version !== "" && version !== "0")
    throw badRequest("resourceVersion should not be set on objects to be created");
  const namespace = namespaceOf(call);
  const metadata = {
    ...given,
    ...(namespace === "" ? {} : { namespace }),
    uid: randomUUID(),
    creationTimestamp: call.now.toISOString().replace(/\.\d+Z$/, "Z"),
  };
  if (namespace === "") delete metadata.namespace;
  return { ...object, metadata };
}

function checkNamespace(call: Call, object: KubeObject): void {
  const given = object.metadata.namespace ?? "";
  const expected = namespaceOf(call);
  if (given !== "" && given !== expected)
    throw badRequest(
      call.kind.namespaced
        ? "the namespace of the provided object does not match the namespace sent on the request"
        : "namespace is not allowed on this type",
    );
}
