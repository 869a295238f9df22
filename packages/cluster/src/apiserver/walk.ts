import type { ApiRequest, ApiResponse, UserInfo } from "../api/api-exchange.ts";
import type { Authenticator } from "../access/authenticator.ts";
import type { Audit, AuditTrail } from "../access/audit/audit-trail.ts";
import { impersonated } from "../access/impersonation.ts";
import { refusalOf, type Attributes, type Decision } from "../access/attributes.ts";
import { ConversionError, ConversionNeeded } from "../kinds/index.ts";
import { conversionsMax } from "./limits.ts";
import { randomUid } from "../object/random-uid.ts";
import { checkPlace, type Call } from "./call.ts";
import { create } from "./create.ts";
import { removeCollection } from "./delete-collection.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { checkAcceptable, formOf, notAcceptable } from "./negotiate.ts";
import { patch } from "./patch.ts";
import { requestInfoOf, type RequestInfo, type ResourceInfo } from "./request-info.ts";
import { answerStatus } from "./respond.ts";
import { scale } from "./scale.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError, forbidden, internalError, methodNotAllowed, noSuchResource, notFound } from "./status.ts";
import { StoreError } from "../store/store.ts";
import { update } from "./update.ts";
import { watch } from "./watch.ts";

/** What the walk needs besides what the verbs need. */
export interface Walk {
  readonly context: ServerContext;
  readonly authenticate: Authenticator;
  readonly authorize: (attributes: Attributes) => Decision;
  /** Discovery, OpenAPI, health, metrics, versions: what is no object. */
  readonly paths: (request: ApiRequest, path: string, user: UserInfo) => Promise<ApiResponse | undefined>;
  /** Headers that say how a request was sorted; every answer after authentication has them. */
  readonly flowHeaders: (user: UserInfo, info: RequestInfo) => Readonly<Record<string, string>>;
  /** Told of every request and its answer. */
  readonly measured: (request: ApiRequest, info: RequestInfo, answer: Promise<ApiResponse>) => Promise<ApiResponse>;
  /** Writes down who did what; left out: nobody does. */
  readonly audit?: Audit | undefined;
  readonly onDefect: (error: unknown, request: ApiRequest) => void;
}

/**
 * The walk of a request: who asks, what for, may they, and then the verb. Writes go on in `create`, `update`, `patch` and `delete`: decode ->
 * default -> own (managedFields) -> mutate -> prepare -> validate -> admit -> store; `write` is the frame around the last five.
 */
export async function handle(walk: Walk, request: ApiRequest): Promise<ApiResponse> {
  const auditId = request.headers["audit-id"] ?? randomUid();
  const marks: Record<string, string> = { "audit-id": auditId };
  const trail = walk.audit?.begin(request, auditId);
  const info = requestInfoOf(request.method, request.path, request.query);
  const answer = answered(walk, { request: trail?.request ?? request, info }, marks, trail);
  const made = await walk.measured(request, info, answer);
  const response = trail?.answered(made) ?? made;
  return response.kind === "upgrade" ? response : { ...response, headers: { ...response.headers, ...marks } };
}

async function answered(
  walk: Walk,
  { request, info }: Pick<Asked<RequestInfo>, "request" | "info">,
  marks: Record<string, string>,
  trail: AuditTrail | undefined,
): Promise<ApiResponse> {
  const warnings: string[] = [];
  try {
    const asker = walk.authenticate(request);
    trail?.received(asker, attributesOf(info, asker, request.query));
    const user = acting(walk, request, asker);
    if (!goesOn(info)) Object.assign(marks, walk.flowHeaders(user, info));
    trail?.actingAs(user);
    authorized(walk, attributesOf(info, user, request.query), trail);
    if (info.kind === "path") return (await walk.paths(request, info.path, user)) ?? unknownPath();
    const elsewhere = walk.context.elsewhere(info.group, info.version);
    if (elsewhere) return await elsewhere(request, user);
    return await convertedAndServed(walk, { request, info, user, warnings, annotations: trail?.annotations ?? {} });
  } catch (error) {
    if (error instanceof UnknownPath) return unknownPath();
    if (error instanceof Refused) return sealed(answerStatus(request, error.status, warnings));
    if (error instanceof ConversionError)
      return answerStatus(request, new ApiError(500, "", error.message).status, warnings);
    if (error instanceof ApiError) return answerStatus(request, error.status, warnings);
    // Not our defect: whoever asks can tell somebody to make room.
    if (error instanceof StoreError && error.code === "full")
      return answerStatus(request, new ApiError(500, "", error.message).status, warnings);
    if (request.signal.aborted) return answerStatus(request, internalError("the client has gone").status);
    walk.onDefect(error, request);
    return answerStatus(request, internalError("something is wrong in the server").status);
  }
}

function acting({ authorize }: Walk, request: ApiRequest, asker: UserInfo): UserInfo {
  try {
    return impersonated(request, asker, authorize);
  } catch (error) {
    if (error instanceof ApiError) throw new Refused(error.code, error.reason, error.message, error.details);
    throw error;
  }
}

const streams = new Set(["attach", "exec", "log", "portforward", "proxy"]);

/** Streams last as long as they like; they wait in no queue. */
function goesOn(info: RequestInfo): boolean {
  return info.kind === "resource" && streams.has(info.subresource);
}

/** Nobody is told of a path that they may not use whether it is there. */
function authorized({ authorize }: Walk, attributes: Attributes, trail: AuditTrail | undefined): void {
  const decision = authorize(attributes);
  trail?.decided(decision);
  if (!decision.allowed) throw refusal(attributes, decision.reason);
}

function attributesOf(info: RequestInfo, user: UserInfo, query: URLSearchParams): Attributes {
  return info.kind === "path"
    ? { kind: "path", user, verb: info.verb, path: info.path }
    : { ...info, user, name: nameMeant(info, query), resource: info.plural, kind: "resource" };
}

/** A collection of which only one is asked for, by its name, is as good as that one. */
function nameMeant({ name, verb }: ResourceInfo, query: URLSearchParams): string {
  if (name !== "" || !["list", "watch", "deletecollection"].includes(verb)) return name;
  return /^metadata\.name==?([^,=]+)$/.exec(query.get("fieldSelector") ?? "")?.[1] ?? "";
}

function refusal(attributes: Attributes, reason: string): Refused {
  const why = refusalOf(attributes, reason);
  if (attributes.kind === "path") return new Refused(403, "Forbidden", `forbidden: ${why}`, {});
  const { group, resource, name } = attributes;
  const { message, details } = forbidden({ group, plural: resource }, name, why);
  return new Refused(403, "Forbidden", message, details);
}

class Refused extends ApiError {}

/** What is refused may quote what was asked for; no browser shall take it for something else. */
function sealed(response: ApiResponse): ApiResponse {
  if (response.kind === "upgrade") return response;
  return { ...response, headers: { ...response.headers, "x-content-type-options": "nosniff" } };
}

/** Objects that have to be converted by somebody else are fetched in their other form, and then it is tried again. */
async function convertedAndServed(walk: Walk, asked: Asked): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt++) {
    const warnings: string[] = [];
    try {
      const answer = await served(walk, { ...asked, warnings });
      asked.warnings.push(...warnings);
      return answer;
    } catch (error) {
      if (error instanceof ConversionNeeded && attempt < conversionsMax) {
        await error.fetched;
        continue;
      }
      asked.warnings.push(...warnings);
      throw error;
    }
  }
}

interface Asked<Info = ResourceInfo> {
  readonly request: ApiRequest;
  readonly info: Info;
  readonly user: UserInfo;
  readonly warnings: string[];
  readonly annotations: Record<string, string>;
}

function served(
  { context, authorize }: Walk,
  { request, info, user, warnings, annotations }: Asked,
): Promise<ApiResponse> {
  const kind = context.kinds.byResource(info.group, info.version, info.plural);
  if (!kind) throw notServed(context, info);
  const needs = (verb: string): void => {
    const attributes = { ...info, user, verb, resource: info.plural, kind: "resource" } as const;
    const decision = authorize(attributes);
    if (!decision.allowed)
      throw forbidden({ group: info.group, plural: info.plural }, info.name, refusalOf(attributes, decision.reason));
  };
  const call: Call = { request, info, kind, user, warnings, annotations, needs, now: context.now() };
  checkRouted(call);
  checkPlace(call);
  warnings.push(...(kind.custom?.warnings ?? []));
  if (info.subresource !== "") return subresource(context, call);
  const review = context.reviews.get(`${info.plural}.${info.group}`);
  if (review) {
    if (info.verb !== "create") throw methodNotAllowed();
    checkAcceptable(call);
    // Before anybody judges: what is asked has no columns.
    if (formOf(request).as !== "object") throw notAcceptable();
    return review(call, context);
  }
  switch (info.verb) {
    case "none":
      throw methodNotAllowed();
    case "create":
      if (info.name !== "") throw methodNotAllowed();
      return offered(call, create)(context, call);
    default:
      return offered(call, verbs[info.verb])(context, call);
  }
}

type Verb = (context: ServerContext, call: Call) => Promise<ApiResponse>;

const verbs: Readonly<Record<Exclude<ResourceInfo["verb"], "none" | "create">, Verb>> = {
  get,
  list,
  watch,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

function offered(call: Call, verb: Verb): Verb {
  const { kind, info, request } = call;
  const isOffered = kind.verbs.some((each) => each === info.verb);
  if (
    !isOffered ||
    request.method === "HEAD" ||
    (info.verb === "update" && info.name === "") ||
    (info.verb === "patch" && info.name === "")
  )
    throw methodNotAllowed();
  checkAcceptable(call);
  return verb;
}

function subresource(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, info, request } = call;
  const own = context.subresources.get(
    `${info.plural}${info.group === "" ? "" : `.${info.group}`}/${info.subresource}`,
  );
  const isScale = info.subresource === "scale" && kind.subresources.scale !== undefined;
  const isStatus = info.subresource === "status" && kind.subresources.status === true;
  if (!own && !isScale && !isStatus) throw kind.custom ? notFound(kind, info.name) : noSuchResource();
  if (request.method === "HEAD" && info.subresource !== "proxy") throw methodNotAllowed();
  checkAcceptable(call);
  if (own) return own(call, context);
  if (isScale) return scale(context, call);
  switch (info.verb) {
    case "get":
      return get(context, call);
    case "update":
      return update(context, call);
    case "patch":
      return patch(context, call);
    default:
      throw methodNotAllowed();
  }
}

/** Paths of built-in kinds are written down one by one: what none of them looks like is nowhere. */
function checkRouted({ kind, info, request }: Call): void {
  if (kind.custom) return;
  const isOnlyMade = kind.verbs.every((verb) => verb === "create");
  const isElsewhere = info.name !== "" || (kind.namespaced && info.namespace === "");
  const goesOnBelow = info.rest !== "" && info.subresource !== "proxy";
  const isNobodys = (isOnlyMade && info.subresource === "" && isElsewhere) || goesOnBelow;
  if (isNobodys || /[^/]\/\/+[^/]/.test(request.path)) throw noSuchResource();
  const isOfAllNamespaces = kind.namespaced && info.namespace === "" && info.name === "";
  if (isOfAllNamespaces && info.verb !== "list" && info.verb !== "watch") throw methodNotAllowed();
}

/** Below a built-in group everything is a resource; elsewhere, what nobody knows is a page that is not there. */
function notServed({ kinds }: ServerContext, { group }: ResourceInfo): Error {
  return kinds.all().some((kind) => kind.group === group && !kind.custom) ? noSuchResource() : new UnknownPath();
}

class UnknownPath extends ApiError {
  constructor() {
    super(404, "", "404 page not found");
  }
}

function unknownPath(): ApiResponse {
  return {
    kind: "whole",
    status: 404,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache, private",
      "x-content-type-options": "nosniff",
    },
    body: "404 page not found\n",
  };
}
