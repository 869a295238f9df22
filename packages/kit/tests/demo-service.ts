import {
  createTelemetry,
  createService,
  loadConfig,
  noBody,
  problem,
  raw,
  route,
  serviceConfig,
  t,
} from "@fairway/kit";
import type { FinishedSpan, Service, ServiceParts, TokenVerifier } from "@fairway/kit";

export interface Demo {
  readonly service: Service;
  readonly lines: () => readonly Record<string, unknown>[];
  readonly spans: readonly FinishedSpan[];
  call(method: string, path: string, options?: DemoCall): Promise<Response>;
}

export interface DemoCall {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const item = t.Object({ name: t.String({ minLength: 1, maxLength: 20 }), count: t.Integer({ minimum: 1 }) });

/** A service with one route of each kind. */
export const demoRoutes = [
  route({
    method: "GET",
    path: "/items/{id}",
    summary: "One item",
    params: t.Object({ id: t.Integer() }),
    query: t.Object({ limit: t.Integer({ default: 10, maximum: 50 }), tag: t.Optional(t.Array(t.String())) }),
    responses: { 200: t.Object({ id: t.Integer(), limit: t.Integer(), tags: t.Array(t.String()) }) },
    problems: [404],
    access: "public",
    handler: async ({ params, query }) => {
      if (params.id === 404) throw problem(404, "no such item");
      return { status: 200, body: { id: params.id, limit: query.limit, tags: query.tag ?? [] } };
    },
  }),
  route({
    method: "POST",
    path: "/items",
    summary: "A new item",
    body: item,
    responses: { 201: item, 204: noBody },
    access: "public",
    bodyBytesMax: 1_000,
    handler: ({ body }) => ({ status: 201, body, headers: { location: `/items/${encodeURIComponent(body.name)}` } }),
  }),
  route({
    method: "GET",
    path: "/broken",
    summary: "A defect",
    responses: { 200: t.String() },
    access: "public",
    handler: () => {
      throw new Error("the password is hunter2");
    },
  }),
  route({
    method: "GET",
    path: "/undeclared",
    summary: "Another body than declared",
    responses: { 200: t.Object({ a: t.Integer() }) },
    access: "public",
    handler: () => ({ status: 200, body: JSON.parse(`{"a":"text"}`) }),
  }),
  route({
    method: "GET",
    path: "/slow",
    summary: "Waits until its signal says stop",
    responses: { 204: noBody },
    access: "public",
    timeoutMs: 30,
    handler: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
  }),
  route({
    method: "GET",
    path: "/page",
    summary: "A page",
    responses: { 200: raw("text/html; charset=utf-8") },
    access: "public",
    handler: () => ({ status: 200, body: "<p>hello</p>" }),
  }),
];

export function demo(parts: Partial<ServiceParts> = {}): Demo {
  const written: string[] = [];
  const spans: FinishedSpan[] = [];
  const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "debug", SHUTDOWN_SECONDS: "5" });
  const telemetry = createTelemetry({
    name: "demo",
    version: "1.2.3",
    config,
    output: { write: (text) => written.push(text) },
    spans: { take: (span) => spans.push(span) },
  });
  const service = createService({
    name: "demo",
    version: "1.2.3",
    config,
    telemetry,
    routes: demoRoutes,
    checkReplies: true,
    ...parts,
  });
  return {
    service,
    spans,
    lines: () => written.map((line): Record<string, unknown> => JSON.parse(line)),
    call: (method, path, options = {}) => {
      const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
      const headers = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...options.headers };
      return service.handle(
        new Request(`http://demo${path}`, { method, headers, ...(body === undefined ? {} : { body }) }),
      );
    },
  };
}

export async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const parsed: unknown = await response.json();
  if (typeof parsed !== "object" || parsed === null) throw new TypeError("the body is no object");
  return { ...parsed };
}

/** Takes every token as the JSON of a caller. */
export const trustingTokens: TokenVerifier = {
  verify: async (token) => {
    const { subject, roles }: { subject: string; roles: string[] } = JSON.parse(Buffer.from(token, "hex").toString());
    return { subject, roles, token };
  },
};
