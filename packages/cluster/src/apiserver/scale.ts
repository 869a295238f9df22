import type { ApiResponse } from "../api/api-exchange.ts";
import { keepTimesIfSame, trackUpdate } from "../apply/index.ts";
import { apiVersionOf, type Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { applyJsonPatch, applyMergePatch } from "../patch/index.ts";
import { namespaceOf, type Call } from "./call.ts";
import { decodeObject, readObject } from "./object-store.ts";
import { bodyText } from "./read-body.ts";
import { answerObject } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import {
  badRequest,
  conflict,
  invalid,
  methodNotAllowed,
  notFound,
  staleVersion,
  unsupportedMediaType,
} from "./status.ts";
import { scaleColumns } from "./scale-columns.ts";
import { write, type Change } from "./write.ts";
import { writeOptionsOf, type WriteOptions } from "./write-options.ts";

/** The number of replicas alone, the same way for every kind that has one. */
export async function scale(context: ServerContext, call: Call): Promise<ApiResponse> {
  switch (call.info.verb) {
    case "get": {
      const stored = readObject(context.store, call.kind, { namespace: namespaceOf(call), name: call.info.name });
      if (!stored) throw notFound(call.kind, call.info.name);
      return answerScale(call, scaleOf(call.kind, decodeObject(call.kind, stored)));
    }
    case "update":
    case "patch":
      return rescale(context, call);
    default:
      throw methodNotAllowed();
  }
}

function answerScale(call: Call, object: KubeObject): ApiResponse {
  const kind: Kind = { ...call.kind, group: "autoscaling", version: "v1", kind: "Scale", columns: scaleColumns };
  return answerObject({ ...call, kind }, object);
}

async function rescale(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { request, kind, info } = call;
  const isPatch = info.verb === "patch";
  const options = writeOptionsOf(isPatch ? "PatchOptions" : "UpdateOptions", request.query, {
    userAgent: request.headers["user-agent"] ?? "",
    isApply: false,
  });
  const next = nextScale(request.headers["content-type"] ?? "", isPatch, await request.body());
  const written = await write(context, call, rescaling(context, call, options, next));
  return answerScale(call, scaleOf(kind, written.object));
}

function nextScale(contentType: string, isPatch: boolean, body: Buffer): (current: KubeObject) => KubeObject {
  const type = contentType.split(";")[0]?.trim() ?? "";
  const text = isPatch ? body.toString("utf8") : bodyText(body, contentType);
  const parsed = parse(text);
  if (!isPatch) return () => parsed as KubeObject;
  if (type === "application/json-patch+json") return (current) => applyJsonPatch(current, parsed) as KubeObject;
  if (
    type === "application/merge-patch+json" ||
    type === "application/strategic-merge-patch+json" ||
    type === "application/apply-patch+yaml"
  )
    return (current) => applyMergePatch(current, parsed) as KubeObject;
  throw unsupportedMediaType(["application/json-patch+json", "application/merge-patch+json"]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("the body is no Scale");
  }
}

function rescaling(
  context: ServerContext,
  call: Call,
  options: WriteOptions,
  next: (current: KubeObject) => KubeObject,
): Change {
  const { kind, info, now } = call;
  return {
    name: info.name,
    operation: "UPDATE",
    subresource: "scale",
    dryRun: options.dryRun,
    propose: (current) => {
      if (!current) throw notFound(kind, info.name);
      const wanted = next(scaleOf(kind, current));
      const replicas = checkedReplicas(call, wanted, current);
      const changed = structuredClone(current);
      setPath(changed, kind.subresources.scale?.specReplicas ?? ".spec.replicas", replicas);
      const { schema } = kind;
      const owned = trackUpdate({
        live: current,
        next: changed,
        schema,
        library: context.library,
        manager: options.fieldManager,
        apiVersion: apiVersionOf(kind),
        subresource: "scale",
        now,
      });
      return withoutScaleTimes(owned);
    },
    settle: (proposed, current, turn) => {
      if (!current) throw notFound(kind, info.name);
      const next_ = structuredClone(proposed);
      kind.strategy.prepareForUpdate(next_, current);
      const errors = kind.strategy.validateUpdate(next_, current, (sentence) => call.warnings.push(sentence));
      if (errors.length > 0) throw invalid(kind, info.name, errors);
      turn.admitted(next_);
      return keepTimesIfSame(current, next_);
    },
  };
}

/** When a scale was written is not remembered. */
function withoutScaleTimes(object: KubeObject): KubeObject {
  const managedFields = object.metadata.managedFields?.map(({ time, ...entry }) =>
    entry.subresource === "scale" || time === undefined ? entry : { ...entry, time },
  );
  return managedFields === undefined ? object : { ...object, metadata: { ...object.metadata, managedFields } };
}

function checkedReplicas({ kind, info }: Call, wanted: KubeObject, current: KubeObject): number {
  const { resourceVersion = "", name, uid } = wanted.metadata ?? {};
  if (name !== undefined && name !== info.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  if (
    (resourceVersion !== "" && resourceVersion !== current.metadata.resourceVersion) ||
    (uid !== undefined && uid !== current.metadata.uid)
  )
    throw conflict(kind, info.name, staleVersion);
  const replicas = (wanted["spec"] as { replicas?: unknown } | undefined)?.replicas ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas < 0 && !kind.custom)
    throw invalid({ group: "autoscaling", kind: "Scale" }, info.name, [
      {
        reason: "FieldValueInvalid",
        field: "spec.replicas",
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
      },
    ]);
  return replicas;
}

export function scaleOf(kind: Kind, object: KubeObject): KubeObject {
  const {
    specReplicas = ".spec.replicas",
    statusReplicas = ".status.replicas",
    selector,
  } = kind.subresources.scale ?? {};
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = getPath(object, specReplicas);
  const chosen = selector === undefined ? undefined : selectorText(getPath(object, selector));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: { replicas: getPath(object, statusReplicas) ?? 0, ...(chosen ? { selector: chosen } : {}) },
  };
}

function getPath(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const part of path.split(".").slice(1))
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return value;
}

function setPath(object: KubeObject, path: string, value: unknown): void {
  const parts = path.split(".").slice(1);
  const last = parts.pop() ?? "";
  let place: Record<string, unknown> = object;
  for (const part of parts) {
    const below = place[part];
    const next = typeof below === "object" && below !== null ? (below as Record<string, unknown>) : {};
    place[part] = next;
    place = next;
  }
  place[last] = value;
}

/** A selector object, as text: `app=web,tier in (a,b)`. Custom kinds hold the text itself. */
function selectorText(selector: unknown): string {
  if (typeof selector === "string") return selector;
  const { matchLabels, matchExpressions, ...plain } = (selector ?? {}) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
  };
  const equal = Object.entries(matchLabels ?? (matchExpressions ? {} : (plain as Record<string, string>))).map(
    ([key, value]) => ({ key, text: `${key}=${value}` }),
  );
  const others = (matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    text: expressionText(key, operator, values),
  }));
  return [...equal, ...others]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(",");
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
  const list = `(${[...values].toSorted().join(",")})`;
  const texts: Readonly<Record<string, string>> = {
    In: `${key} in ${list}`,
    NotIn: `${key} notin ${list}`,
    Exists: key,
    DoesNotExist: `!${key}`,
  };
  return texts[operator] ?? key;
}
