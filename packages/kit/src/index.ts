export { t, raw, noBody, compile } from "./schema.ts";
export type { Check, SchemaProblem, Static, TSchema } from "./schema.ts";
export { ConfigError, loadConfig, serviceConfig } from "./config/config.ts";
export type { BaseConfig, Environment } from "./config/config.ts";
export { HttpProblem, problem } from "./http/problem.ts";
export { route } from "./http/route.ts";
export type { Access, Caller, Method, Reply, Route, RouteRequest } from "./http/route.ts";
export { createCors } from "./http/cors.ts";
export type { Cors, CorsOptions } from "./http/cors.ts";
export { createRateLimit } from "./http/rate-limit.ts";
export type { RateLimit, RateLimitOptions } from "./http/rate-limit.ts";
export { ListenError } from "./http/server.ts";
export { openApiDocument } from "./openapi/document.ts";
export type { OpenApiDocument, OpenApiOperation, OpenApiParameter } from "./openapi/document.ts";
export { createService } from "./lifecycle/service.ts";
export type { ListeningService, Service, ServiceParts } from "./lifecycle/service.ts";
export { runService } from "./lifecycle/run-service.ts";
export type { Dependency } from "./lifecycle/dependency.ts";
export { createTelemetry } from "./telemetry/telemetry.ts";
export type { Telemetry } from "./telemetry/telemetry.ts";
export { createLogger, silentLogger } from "./telemetry/logger.ts";
export type { Fields, Logger, LogLevel, LogOutput } from "./telemetry/logger.ts";
export { Counter, durationBuckets, Gauge, Histogram, Registry } from "./telemetry/metrics.ts";
export { Span, Tracer } from "./telemetry/tracer.ts";
export type { Attributes, FinishedSpan, SpanSink } from "./telemetry/tracer.ts";
export { formatTraceparent, parseTraceparent } from "./telemetry/trace-context.ts";
export type { TraceContext } from "./telemetry/trace-context.ts";
export { currentContext, inContext } from "./telemetry/request-context.ts";
export { createHttpClient } from "./client/http-client.ts";
export type { CallOptions, ClientReply, HttpClient, HttpClientOptions } from "./client/http-client.ts";
export { HttpClientError } from "./client/http-client-error.ts";
export { createTokenVerifier, tokenAudience, TokenError } from "./auth/token-verifier.ts";
export type { TokenVerifier, TokenVerifierOptions } from "./auth/token-verifier.ts";
export { openDatabase } from "./database/database.ts";
export type { Database, DatabaseOptions, Queryable, QueryResult, Transaction } from "./database/database.ts";
export { DatabaseError } from "./database/database-error.ts";
export type { DatabaseErrorCode } from "./database/database-error.ts";
export { migrate, MigrationError, readMigrations } from "./database/migrations.ts";
export type { Migration } from "./database/migrations.ts";
export { cloudEvent, parseEvent } from "./events/cloud-event.ts";
export type { CloudEvent, NewEvent } from "./events/cloud-event.ts";
export { EventError } from "./events/event-error.ts";
export type {
  DeadLetter,
  DeliveryContext,
  EventHandler,
  EventTransport,
  ReplayOptions,
  SubscribeOptions,
  Subscription,
} from "./events/event-transport.ts";
export { openTransport } from "./events/open-transport.ts";
export { postgresTransport } from "./events/postgres-transport.ts";
export { natsTransport } from "./events/nats-transport.ts";
export { createOutbox, outboxMigration } from "./events/outbox.ts";
export type { Outbox } from "./events/outbox.ts";
export { kitMigrations } from "./events/service-migrations.ts";
export { createConsumer, reaction } from "./events/event-consumer.ts";
export type { EventConsumer, Reaction } from "./events/event-consumer.ts";
export { createInbox, inboxMigration } from "./events/inbox.ts";
export type { Inbox } from "./events/inbox.ts";
export { answered, idempotencyMigration, once, pruneIdempotencyKeys } from "./idempotency/idempotency.ts";
export type { IdempotentCall } from "./idempotency/idempotency.ts";
export { createCache } from "./cache/memory-cache.ts";
export { redisCache } from "./cache/redis-cache.ts";
export type { Cache } from "./cache/cache.ts";
export { runInBackground } from "./lifecycle/background-loop.ts";
export type { BackgroundLoop } from "./lifecycle/background-loop.ts";
export { checkAccess } from "./testing/check-access.ts";
export type { AccessReport } from "./testing/check-access.ts";
export { createTestTokens } from "./testing/test-tokens.ts";
export type { TestTokens } from "./testing/test-tokens.ts";
export { fuzzService } from "./testing/fuzz-service.ts";
export type { FuzzOptions, FuzzReport } from "./testing/fuzz-service.ts";
export { benchService } from "./testing/service-bench.ts";
export type { BenchAnswer, BenchCall, ServiceBench } from "./testing/service-bench.ts";
export { openEventProbe } from "./testing/event-probe.ts";
export type { EventProbe, ProbeOptions } from "./testing/event-probe.ts";
