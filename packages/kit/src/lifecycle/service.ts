import { createApplication } from "../http/application.ts";
import { createTelemetry } from "../telemetry/telemetry.ts";
import { createTokenVerifier } from "../auth/token-verifier.ts";
import { fetchHandler } from "../http/fetch-handler.ts";
import { mount } from "../http/server.ts";
import { openApiDocument } from "../openapi/document.ts";
import { operationRoutes } from "../http/operations.ts";
import { retryUntilDone } from "./start-retry.ts";
import type { BaseConfig } from "../config/config.ts";
import type { Cors } from "../http/cors.ts";
import type { Dependency } from "./dependency.ts";
import type { MountedServer } from "../http/server.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import type { Route } from "../http/route.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { TokenVerifier } from "../auth/token-verifier.ts";

export interface ServiceParts {
  readonly name: string;
  readonly version: string;
  readonly config: BaseConfig;
  readonly routes: readonly Route[];
  /** Closed in the opposite order, so name first what others lean on. */
  readonly dependencies?: readonly Dependency[];
  readonly telemetry?: Telemetry;
  /** With the keys at AUTH_URL or AUTH_JWKS_URL unless given. */
  readonly tokens?: TokenVerifier;
  readonly cors?: Cors;
  readonly rateLimit?: RateLimit;
  readonly checkReplies?: boolean;
  /** In place of the document of the routes; a gateway shows those of others. */
  readonly document?: () => OpenApiDocument | Promise<OpenApiDocument>;
  /**
   * What has to be done before requests may come: migrations, subscriptions. Runs after listening and again until it
   * succeeds, because databases and services start in any order; readiness waits for it.
   */
  readonly start?: (signal: AbortSignal) => Promise<void>;
}

export interface ListeningService {
  readonly url: string;
  /** Fulfilled when `start` has succeeded, rejected when the service is closed before. */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

export interface Service {
  readonly name: string;
  readonly telemetry: Telemetry;
  readonly document: OpenApiDocument;
  /** The whole service as a function, without a socket. */
  handle(request: Request): Promise<Response>;
  listen(): Promise<ListeningService>;
}

export function createService(parts: ServiceParts): Service {
  const { name, version, config } = parts;
  const telemetry = parts.telemetry ?? createTelemetry({ name, version, config });
  const dependencies = parts.dependencies ?? [];
  const tokens = parts.tokens ?? tokensFrom(config);
  const document = openApiDocument({ title: name, version }, parts.routes);
  let notReady: string | undefined = parts.start ? "starting" : undefined;
  const application = createApplication({
    ...parts,
    ...(tokens ? { tokens } : {}),
    telemetry,
    quietRoutes: operationRoutes({
      name,
      version,
      metrics: telemetry.metrics,
      dependencies,
      notReady: () => notReady,
      document: parts.document ?? (() => document),
    }),
  });
  const listen = async (): Promise<ListeningService> => {
    const onProblem = (error: unknown): void => telemetry.log.error("an answer could not be made", { error });
    const server = await mount(application, { host: config.HOST, port: config.PORT, onProblem });
    telemetry.log.info("listening", { url: server.url, startMs: Math.round(performance.now()) });
    const stop = new AbortController();
    const begun = async (): Promise<void> => {
      await begin(parts, telemetry, stop.signal);
      if (!stop.signal.aborted) notReady = undefined;
    };
    const started = begun();
    // Whoever waits for it hears of it; a service that is closed early is no defect.
    started.catch(() => undefined);
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      notReady = "stopping";
      stop.abort(new Error("the service is closing"));
      await closeAll(server, parts, telemetry);
    };
    return { url: server.url, started, close: () => (closed ??= close()) };
  };
  return { name, telemetry, document, handle: fetchHandler(application), listen };
}

function tokensFrom(config: BaseConfig): TokenVerifier | undefined {
  const { AUTH_JWKS_URL: keys, AUTH_URL: auth, AUTH_ISSUER: issuer } = config;
  if (keys !== undefined) return createTokenVerifier({ issuer, jwks: new URL(keys) });
  if (auth === undefined) return undefined;
  return createTokenVerifier({ issuer, jwks: new URL(`${auth.replace(/\/$/, "")}/auth/jwks.json`) });
}

async function begin(parts: ServiceParts, telemetry: Telemetry, signal: AbortSignal): Promise<void> {
  const { start } = parts;
  if (!start) return;
  await retryUntilDone(
    () => start(signal),
    signal,
    (error, waitMs) => telemetry.log.warn("the start does not succeed yet", { error, waitMs }),
  );
  telemetry.log.info("ready", { startMs: Math.round(performance.now()) });
}

/** Requests first, then what they lean on, then what tells about it; all of it within the given time. */
async function closeAll(server: MountedServer, parts: ServiceParts, telemetry: Telemetry): Promise<void> {
  const began = performance.now();
  const shareForRequests = 0.8;
  const cut = await server.close(parts.config.SHUTDOWN_SECONDS * 1_000 * shareForRequests);
  if (cut > 0) telemetry.log.warn("requests were cut because the time for shutting down was over", { requests: cut });
  for (const dependency of (parts.dependencies ?? []).toReversed()) {
    await dependency.close().catch((error: unknown) => {
      telemetry.log.warn("a dependency did not close well", { dependency: dependency.name, error });
    });
  }
  telemetry.log.info("stopped", { ms: Math.round(performance.now() - began), requestsCut: cut });
  await telemetry.close();
}
