import type { Store } from "../store/store.ts";
import type { HealthCheck } from "./health.ts";

export interface HealthOptions {
  readonly store: Pick<Store, "get">;
  /** Steps of the start by the names that tools know them by, and whether each has been taken: `rbac/bootstrap-roles`. */
  readonly steps?: Readonly<Record<string, () => boolean>>;
  /** The server ends, and no new work should come. */
  readonly isEnding?: () => boolean;
}

/** The checks that the real server has and this one can say something of. */
export function healthChecks({ store, steps = {}, isEnding = () => false }: HealthOptions): readonly HealthCheck[] {
  const isReadable = (): string | undefined => {
    try {
      store.get("/registry/health");
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return [
    { name: "ping", problem: () => undefined },
    { name: "log", problem: () => undefined },
    { name: "etcd", problem: isReadable },
    { name: "etcd-readiness", on: ["readyz"], problem: isReadable },
    { name: "informer-sync", on: ["readyz"], problem: () => undefined },
    ...Object.entries(steps).map(([name, isDone]) => ({
      name: `poststarthook/${name}`,
      problem: () => (isDone() ? undefined : "not finished"),
    })),
    { name: "shutdown", on: ["readyz"], problem: () => (isEnding() ? "process is shutting down" : undefined) },
  ];
}
