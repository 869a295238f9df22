import { createService, createTestTokens, loadConfig, noBody, problem, route, serviceConfig, t } from "@fairway/kit";
import { gatewayService } from "../src/service.ts";
import type { ListeningService, Route, Service, TestTokens } from "@fairway/kit";

export interface Fixture {
  readonly gateway: Service;
  readonly tokens: TestTokens;
  /** What arrived behind the gateway, newest last. */
  readonly seen: Seen[];
  readonly upstream: ListeningService;
  call(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Response>;
  close(): Promise<void>;
}

export interface Seen {
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "error" });

/** The gateway in front of one service that plays all of them. */
export async function startFixture(env: Readonly<Record<string, string>> = {}): Promise<Fixture> {
  const seen: Seen[] = [];
  const tokens = createTestTokens();
  const behind = createService({ name: "behind", version: "7.7.7", config, routes: upstreamRoutes(seen) });
  const upstream = await behind.listen();
  const gateway = createService({
    ...gatewayService({
      PORT: "0",
      LOG_LEVEL: "error",
      CORS_ORIGINS: "https://pages.example",
      ...Object.fromEntries(
        ["AUTH", "USERS", "PRODUCTS", "INVENTORY", "ORDERS", "BILLING"].map((each) => [`${each}_URL`, upstream.url]),
      ),
      ...env,
    }),
    tokens: tokens.verifier,
  });
  return {
    gateway,
    tokens,
    seen,
    upstream,
    call: (method, path, headers = {}, body = undefined) =>
      gateway.handle(new Request(`http://shop${path}`, { method, headers, ...(body === undefined ? {} : { body }) })),
    close: () => upstream.close(),
  };
}

function upstreamRoutes(seen: Seen[]): readonly Route[] {
  const shared = { summary: "", access: "public" } as const;
  const note = (request: { target: string; rawHeaders: Seen["headers"]; rawBody: Uint8Array }): void => {
    const { target, rawHeaders: headers, rawBody } = request;
    seen.push({ target, headers, body: Buffer.from(rawBody).toString() });
  };
  return [
    route({
      ...shared,
      method: "GET",
      path: "/products/{id}",
      params: t.Object({ id: t.String() }),
      responses: { 200: t.Object({ id: t.String() }) },
      handler: (request) => {
        note(request);
        if (request.params.id === "none") throw problem(404, "no such product");
        return { status: 200, body: { id: request.params.id }, headers: { etag: '"3"' } };
      },
    }),
    route({
      ...shared,
      method: "POST",
      path: "/orders",
      body: t.Unknown(),
      responses: { 201: t.Unknown() },
      handler: (request) => {
        note(request);
        return { status: 201, body: { made: true }, headers: { location: "/orders/1" } };
      },
    }),
    route({
      ...shared,
      method: "POST",
      path: "/inventory/reserve",
      responses: { 204: noBody },
      handler: (request) => {
        note(request);
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: "DELETE",
      path: "/users/me",
      responses: { 204: noBody },
      handler: (request) => {
        note(request);
        return { status: 204 };
      },
    }),
  ];
}
