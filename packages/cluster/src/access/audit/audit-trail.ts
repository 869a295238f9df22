import type { ApiRequest, ApiResponse, UserInfo } from "../../api/api-exchange.ts";
import type { Attributes, Decision } from "../attributes.ts";
import { decideAudit, type AuditDecision, type AuditPolicy, type AuditStage } from "./audit-policy.ts";

export interface AuditOptions {
  readonly policy: AuditPolicy;
  /** One event of `audit.k8s.io/v1` as JSON; it is called before the answer goes. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

/** Makes a trail for every request. */
export interface Audit {
  readonly begin: (request: ApiRequest, auditId: string) => AuditTrail;
}

/** What is learned about a request on its way, and what of it is logged. */
export interface AuditTrail {
  /** The same request, whose body is kept when it is wanted. */
  readonly request: ApiRequest;
  /** Annotations that admission and others give. */
  readonly annotations: Record<string, string>;
  /** It is known who asks, and what for. */
  readonly received: (asker: UserInfo, attributes: Attributes) => void;
  readonly actingAs: (user: UserInfo) => void;
  readonly decided: (decision: Decision) => void;
  /** Hands the answer on; it is logged when it is complete. */
  readonly answered: (response: ApiResponse) => ApiResponse;
}

export function createAudit(options: AuditOptions): Audit {
  return { begin: (request, auditId) => trailOf(options, request, auditId) };
}

const nothing: AuditDecision = { level: "None", omitStages: [], omitManagedFields: false };

function trailOf({ policy, write, now }: AuditOptions, request: ApiRequest, auditID: string): AuditTrail {
  const receivedAt = now();
  const annotations: Record<string, string> = {};
  const known: { asker?: UserInfo; user?: UserInfo; attributes?: Attributes; body?: Buffer } = {};
  let decision = nothing;
  const tell = (stage: AuditStage, more: Readonly<Record<string, unknown>> = {}): void => {
    const { asker, attributes } = known;
    if (decision.level === "None" || decision.omitStages.includes(stage) || !asker || !attributes) return;
    const query = request.query.size === 0 ? "" : `?${request.query}`;
    const event = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: decision.level,
      auditID,
      stage,
      requestURI: `${request.path}${query}`,
      verb: attributes.verb,
      user: shown(asker),
      ...(known.user && known.user !== asker ? { impersonatedUser: shown(known.user) } : {}),
      sourceIPs: [request.peer.address],
      ...(request.headers["user-agent"] === undefined ? {} : { userAgent: request.headers["user-agent"] }),
      ...(attributes.kind === "path" ? {} : { objectRef: objectRefOf(attributes) }),
      ...more,
      requestReceivedTimestamp: microTime(receivedAt),
      stageTimestamp: microTime(now()),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    };
    write(JSON.stringify(event));
  };
  const hasRequest = (): boolean => decision.level === "Request" || decision.level === "RequestResponse";
  return {
    annotations,
    request: overheard(request, (body) => {
      if (hasRequest()) known.body = body;
    }),
    received: (asker, attributes) => {
      known.asker = asker;
      known.attributes = attributes;
      decision = decideAudit(policy, attributes);
      tell("RequestReceived");
    },
    actingAs: (user) => void (known.user = user),
    decided: ({ allowed, reason }) => {
      annotations["authorization.k8s.io/decision"] = allowed ? "allow" : "forbid";
      annotations["authorization.k8s.io/reason"] = reason;
    },
    answered: (response) => {
      const ofRequest = (): Readonly<Record<string, unknown>> =>
        contentOf("requestObject", known.body, decision.omitManagedFields);
      return logged(response, decision, { tell, ofRequest });
    },
  };
}

/** The same request; somebody else is told its body when it is read. */
function overheard(request: ApiRequest, hear: (body: Buffer) => void): ApiRequest {
  const { method, path, query, headers, peer, signal } = request;
  return {
    method,
    path,
    query,
    headers,
    peer,
    signal,
    body: async () => {
      const whole = await request.body();
      hear(whole);
      return whole;
    },
  };
}

interface Teller {
  readonly tell: (stage: AuditStage, more?: Readonly<Record<string, unknown>>) => void;
  readonly ofRequest: () => Readonly<Record<string, unknown>>;
}

function logged(response: ApiResponse, decision: AuditDecision, { tell, ofRequest }: Teller): ApiResponse {
  if (decision.level === "None") return response;
  switch (response.kind) {
    case "whole": {
      const isWanted = decision.level === "RequestResponse";
      const body = typeof response.body === "string" ? Buffer.from(response.body) : response.body;
      tell("ResponseComplete", {
        responseStatus: statusOf(response.status, body),
        ...ofRequest(),
        ...(isWanted ? contentOf("responseObject", body, decision.omitManagedFields) : {}),
      });
      return response;
    }
    case "stream": {
      const responseStatus = { metadata: {}, code: response.status };
      tell("ResponseStarted", { responseStatus });
      const chunks = ended(response.chunks, () => tell("ResponseComplete", { responseStatus, ...ofRequest() }));
      return { ...response, chunks };
    }
    case "upgrade": {
      const responseStatus = { metadata: {}, code: 101 };
      tell("ResponseStarted", { responseStatus });
      return {
        ...response,
        accept: (socket, head) => {
          socket.once("close", () => tell("ResponseComplete", { responseStatus }));
          response.accept(socket, head);
        },
      };
    }
  }
}

async function* ended(chunks: AsyncIterable<Buffer | string>, then: () => void): AsyncGenerator<Buffer | string> {
  try {
    yield* chunks;
  } finally {
    then();
  }
}

function shown({ name, uid, groups, extra }: UserInfo): Readonly<Record<string, unknown>> {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function objectRefOf(attributes: Attributes & { readonly kind: "resource" }): Readonly<Record<string, string>> {
  const { resource, namespace, name, group, version, subresource } = attributes;
  const all = { resource, namespace, name, apiGroup: group, apiVersion: version, subresource };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** Of a refusal what it says, of a success its code alone. */
function statusOf(code: number, body: Buffer): Readonly<Record<string, unknown>> {
  if (code < 400) return { metadata: {}, code };
  const { kind, status, message, reason, details } = (parsed(body) ?? {}) as Readonly<Record<string, unknown>>;
  if (kind !== "Status") return { metadata: {}, code };
  return {
    metadata: {},
    status,
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

function contentOf(
  field: string,
  body: Buffer | undefined,
  omitManagedFields: boolean,
): Readonly<Record<string, unknown>> {
  const value = body && body.length > 0 ? parsed(body) : undefined;
  if (value === undefined) return {};
  return { [field]: omitManagedFields ? withoutManagers(value) : value };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function withoutManagers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const object = value as {
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly items?: readonly unknown[];
  };
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return {
    ...object,
    ...(object.metadata ? { metadata } : {}),
    ...(Array.isArray(object.items) ? { items: object.items.map(withoutManagers) } : {}),
  };
}

function microTime(time: Date): string {
  return time.toISOString().replace(/Z$/, "000Z");
}
