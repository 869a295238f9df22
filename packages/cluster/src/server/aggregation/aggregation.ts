import type { ApiRequest, ApiResponse, UserInfo } from "../../api/api-exchange.ts";
import { prefixOf } from "../../apiserver/object-store.ts";
import { ApiError } from "../../apiserver/status.ts";
import type { KubeClient } from "@fairway/kube-client";
import type { RemoteVersion } from "../../discovery/index.ts";
import type { KindRegistry } from "../../kinds/index.ts";
import type { Store } from "../../store/store.ts";
import { followObjects } from "../stored-objects.ts";
import type { ApiService, Condition } from "./api-service.ts";
import { availableProbeMs, unavailableProbeMs } from "./limits.ts";
import { askRemote, discoverRemote, type RemoteServerOptions } from "./remote-server.ts";

export interface AggregationOptions extends RemoteServerOptions {
  readonly store: Store;
  readonly kinds: KindRegistry;
  /** Writes whether the others are available into their APIServices. */
  readonly client: () => KubeClient;
  readonly now: () => Date;
}

export interface Aggregation {
  /** The way to the server behind a service that answers for a group and version, if an APIService says so. */
  readonly elsewhere: (
    group: string,
    version: string,
  ) => ((request: ApiRequest, user: UserInfo) => Promise<ApiResponse>) | undefined;
  readonly served: () => readonly RemoteVersion[];
  readonly close: () => void;
}

type Resources = NonNullable<RemoteVersion["resources"]>;

/** Other API servers that extend this one (`apiregistration.k8s.io`): their groups, their availability, and the way to them. */
export function aggregation(options: AggregationOptions): Aggregation {
  const { store, kinds } = options;
  const kind = kinds.byResource("apiregistration.k8s.io", "v1", "apiservices");
  if (!kind) throw new Error("apiservices are not among the kinds that are served");
  const found = new Map<string, Resources>();
  let served: readonly RemoteVersion[] | undefined;
  const probes = new Map<string, NodeJS.Timeout>();
  const remoteServices = (): readonly ApiService[] => [...services.objects.values()].filter(({ spec }) => spec.service);
  const probe = async (name: string): Promise<void> => {
    const service = services.objects.get(name);
    if (!service?.spec.service) return forget(name);
    const verdict = await probed(options, service);
    if (verdict.resources) found.set(name, verdict.resources);
    else found.delete(name);
    served = undefined;
    await report(options, service, verdict.condition);
    plan(name, verdict.resources ? availableProbeMs : unavailableProbeMs);
  };
  const plan = (name: string, ms: number): void => {
    clearTimeout(probes.get(name));
    // What goes wrong while asking is part of the verdict; the rest is a store that closes.
    probes.set(name, setTimeout(() => void probe(name).catch(() => forget(name)), ms).unref());
  };
  const forget = (name: string): void => {
    clearTimeout(probes.get(name));
    probes.delete(name);
    found.delete(name);
    served = undefined;
  };
  const changed = (): void => {
    served = undefined;
    for (const name of probes.keys()) if (!services.objects.get(name)?.spec.service) forget(name);
    for (const { metadata } of remoteServices()) {
      const name = metadata.name ?? "";
      if (!probes.has(name)) plan(name, 0);
    }
  };
  const services = followObjects<ApiService>(store, prefixOf(kind), changed);
  changed();
  return {
    elsewhere: (group, version) => {
      const service = services.objects.get(`${version}.${group}`);
      if (!service?.spec.service) return undefined;
      return async (request, user) => {
        if (!found.has(`${version}.${group}`)) throw new ApiError(503, "ServiceUnavailable", "service unavailable");
        return askRemote(options, service, { request, user });
      };
    },
    served: () => (served ??= remoteServices().map((service) => remoteVersion(service, found))),
    close: () => {
      services.stop();
      for (const timer of probes.values()) clearTimeout(timer);
    },
  };
}

function remoteVersion({ metadata, spec }: ApiService, found: ReadonlyMap<string, Resources>): RemoteVersion {
  return {
    group: spec.group ?? "",
    version: spec.version ?? "",
    groupPriority: spec.groupPriorityMinimum,
    versionPriority: spec.versionPriority,
    resources: found.get(metadata.name ?? ""),
  };
}

interface Verdict {
  readonly resources: Resources | undefined;
  readonly condition: Condition;
}

async function probed(options: AggregationOptions, service: ApiService): Promise<Verdict> {
  const { namespace = "", name = "", port = 443 } = service.spec.service ?? {};
  const failed = (reason: string, message: string): Verdict => ({
    resources: undefined,
    condition: { type: "Available", status: "False", reason, message },
  });
  const services = options.kinds.byResource("", "v1", "services");
  if (services && !options.store.get(`${prefixOf(services, namespace)}${name}`))
    return failed("ServiceNotFound", `service/${name} in "${namespace}" is not present`);
  if (!options.resolve(namespace, name, port))
    return failed("MissingEndpoints", `endpoints for service/${name} in "${namespace}" have no addresses`);
  try {
    const resources = await discoverRemote(options, service);
    const condition = { type: "Available", status: "True", reason: "Passed", message: "all checks passed" };
    return { resources, condition };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed("FailedDiscoveryCheck", `failing or missing response from service/${name}: ${why}`);
  }
}

async function report({ client, now }: AggregationOptions, service: ApiService, condition: Condition): Promise<void> {
  const conditions = service.status?.conditions ?? [];
  const known = conditions.find(({ type }) => type === condition.type);
  if (known?.status === condition.status && known.reason === condition.reason && known.message === condition.message)
    return;
  const lastTransitionTime =
    known?.status === condition.status && known.lastTransitionTime
      ? known.lastTransitionTime
      : now()
          .toISOString()
          .replace(/\.\d+Z$/, "Z");
  const others = conditions.filter(({ type }) => type !== condition.type);
  await client().request({
    method: "PATCH",
    path: `/apis/apiregistration.k8s.io/v1/apiservices/${service.metadata.name}/status`,
    contentType: "application/merge-patch+json",
    body: { status: { conditions: [...others, { ...condition, lastTransitionTime }] } },
  });
}
