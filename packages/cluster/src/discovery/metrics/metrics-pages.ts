import type { ApiRequest, ApiResponse } from "../../api/api-exchange.ts";
import { prefixOf } from "../../apiserver/object-store.ts";
import type { KindRegistry } from "../../kinds/index.ts";
import type { Store } from "../../store/store.ts";
import { checksOn, healthPaths, type HealthCheck } from "../health.ts";
import type { VersionInfo } from "../version.ts";
import { processFamilies } from "./process-metrics.ts";
import { labelsText, prometheusText, type Family } from "./prometheus.ts";
import type { RequestMetrics } from "./request-metrics.ts";

export interface MetricsOptions {
  readonly store: Pick<Store, "count">;
  readonly kinds: KindRegistry;
  readonly requests: RequestMetrics;
  readonly checks: readonly HealthCheck[];
  readonly version: VersionInfo;
}

/** `/metrics` and `/metrics/slis`, for `PathsOptions.pages`. */
export function metricsPages(options: MetricsOptions): ReadonlyMap<string, (request: ApiRequest) => ApiResponse> {
  const { version } = options;
  const info = labelsText({
    build_date: version.buildDate,
    compiler: version.compiler,
    git_commit: version.gitCommit,
    git_tree_state: version.gitTreeState,
    git_version: version.gitVersion,
    go_version: version.goVersion,
    major: version.major,
    minor: version.minor,
    platform: version.platform,
  });
  const health = healthFamily(options.checks);
  const families = [
    ...options.requests.families,
    ...processFamilies(process.versions as Readonly<Record<string, string>>, info),
    ...objectFamilies(options),
    health,
  ];
  return new Map([
    ["/metrics", () => page(families)],
    ["/metrics/slis", () => page([health])],
  ]);
}

function page(families: readonly Family[]): ApiResponse {
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-cache, private" };
  return { kind: "whole", status: 200, headers, body: prometheusText(families) };
}

function objectFamilies({ store, kinds }: MetricsOptions): readonly Family[] {
  // Versions of a kind share their objects.
  const stored = (): ReadonlyMap<string, { readonly group: string; readonly plural: string; readonly count: number }> =>
    new Map(
      kinds
        .all()
        .filter(({ verbs }) => verbs.includes("list") && verbs.includes("create"))
        .map((kind) => [
          prefixOf(kind),
          { group: kind.group, plural: kind.plural, count: store.count(prefixOf(kind)) },
        ]),
    );
  return [
    {
      name: "apiserver_storage_objects",
      type: "gauge",
      help: "Stored objects by kind.",
      samples: () =>
        Array.from(stored().values(), ({ group, plural, count }) => ({
          labels: labelsText({ resource: group === "" ? plural : `${plural}.${group}` }),
          value: count,
        })),
    },
    {
      name: "apiserver_resource_objects",
      type: "gauge",
      help: "Stored objects by group and kind.",
      samples: () =>
        Array.from(stored().values(), ({ group, plural, count }) => ({
          labels: labelsText({ group, resource: plural }),
          value: count,
        })),
    },
  ];
}

function healthFamily(checks: readonly HealthCheck[]): Family {
  return {
    name: "kubernetes_healthcheck",
    type: "gauge",
    help: "Whether a check is well.",
    samples: () =>
      healthPaths.flatMap((type) =>
        checksOn(checks, type).map(({ name, problem }) => ({
          labels: labelsText({ name, type }),
          value: problem() === undefined ? 1 : 0,
        })),
      ),
  };
}
