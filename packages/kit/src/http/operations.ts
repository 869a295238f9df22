import { exposition, expositionType } from "../telemetry/exposition.ts";
import { limits } from "../limits.ts";
import { raw, t } from "../schema.ts";
import { route } from "./route.ts";
import type { Dependency } from "../lifecycle/dependency.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import type { Registry } from "../telemetry/metrics.ts";
import type { Route } from "./route.ts";

/** Why a service takes no requests, or undefined. */
export type NotReady = () => string | undefined;

export interface OperationsOptions {
  readonly name: string;
  readonly version: string;
  readonly metrics: Registry;
  readonly dependencies: readonly Dependency[];
  readonly notReady: NotReady;
  readonly document: () => OpenApiDocument | Promise<OpenApiDocument>;
}

const readiness = t.Object({
  status: t.String(),
  version: t.String(),
  dependencies: t.Record(t.String(), t.String()),
});

/** What the platform asks every service. */
export function operationRoutes(options: OperationsOptions): readonly Route[] {
  const up = options.metrics.gauge({
    name: "dependency_up",
    help: "Whether the last readiness check reached it.",
    labels: ["dependency"],
  });
  const shared = { access: "public", hidden: true } as const;
  return [
    route({
      ...shared,
      method: "GET",
      path: "/livez",
      summary: "Does the process still turn?",
      responses: { 200: t.Object({ status: t.Literal("alive") }) },
      handler: () => ({ status: 200, body: { status: "alive" } }),
    }),
    route({
      ...shared,
      method: "GET",
      path: "/readyz",
      summary: "May requests be sent here?",
      responses: { 200: readiness, 503: readiness },
      handler: async () => {
        const reason = options.notReady();
        const states = await Promise.all(options.dependencies.map(stateOf));
        for (const [name, state] of states) up.set(state === "ready" ? 1 : 0, { dependency: name });
        const failing = states.some(([, state]) => state !== "ready");
        const status = reason ?? (failing ? "dependencies missing" : "ready");
        const body = {
          status,
          version: `${options.name}/${options.version}`,
          dependencies: Object.fromEntries(states),
        };
        return { status: status === "ready" ? 200 : 503, body };
      },
    }),
    route({
      ...shared,
      method: "GET",
      path: "/metrics",
      summary: "What Prometheus scrapes",
      responses: { 200: raw(expositionType) },
      handler: () => ({ status: 200, body: exposition(options.metrics) }),
    }),
    route({
      ...shared,
      method: "GET",
      path: "/openapi.json",
      summary: "What is offered here",
      responses: { 200: t.Unknown() },
      handler: async () => ({ status: 200, body: await options.document() }),
    }),
  ];
}

async function stateOf(dependency: Dependency): Promise<readonly [string, string]> {
  const signal = AbortSignal.timeout(limits.readinessTimeoutMs);
  const late = new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("no answer in time")));
  // The reason is for the log of the dependency itself; the probe only says which one.
  const checked = dependency.check(signal).then(
    () => "ready",
    () => "unreachable",
  );
  return [dependency.name, await Promise.race([checked, late])];
}
