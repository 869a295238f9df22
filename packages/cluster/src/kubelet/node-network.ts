import type { KubeClient } from "@fairway/kube-client";
import { startClusterNetwork } from "../network/cluster-network.ts";
import type { ServiceWay } from "../network/cluster-network.ts";
import type { HostService } from "../network/services/host-services.ts";
import { slicesOfPods } from "../network/services/slices-of-pods.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { ObjectCache } from "./watch/object-cache.ts";

export interface NodeNetworkOptions {
  readonly client: KubeClient;
  readonly way: ServiceWay;
  readonly domain: string;
  readonly dnsAddress: string;
  readonly apiServer: { readonly address: string; readonly port: number } | undefined;
  readonly hostServices: readonly HostService[];
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** The services of the cluster as this node's pods reach them. */
export interface NodeNetwork {
  /** For pods' resolv.conf; undefined where containers can't be given one. */
  readonly dnsAddress: string | undefined;
  /** Cluster DNS for these. */
  readonly names: { readonly address: string; readonly port: number } | undefined;
  /** With the addresses under which they are reached from here, for pods' variables. */
  readonly services: () => readonly KubeObject[];
  /** The address under which the machine reaches a cluster address. */
  readonly reach: (clusterAddress: string) => string;
  readonly close: (options: { readonly keep: boolean }) => Promise<void>;
}

/** Follows services and their endpoints; both are known when this returns. */
export async function startNodeNetwork(options: NodeNetworkOptions): Promise<NodeNetwork> {
  const { client, way, domain, dnsAddress, apiServer, hostServices, signal, log } = options;
  const tell = (): void => network?.changed();
  const services = new ObjectCache({ client, signal, log, path: "/api/v1/services", changed: tell });
  const slicesPath = "/apis/discovery.k8s.io/v1/endpointslices";
  const slices = new ObjectCache({ client, signal, log, path: slicesPath, changed: tell });
  const pods =
    way.kind === "loopback" ? new ObjectCache({ client, signal, log, path: "/api/v1/pods", changed: tell }) : undefined;
  let network: Awaited<ReturnType<typeof startClusterNetwork>> | undefined;
  await Promise.all([services.ready(), slices.ready(), pods?.ready()]);
  network = await startClusterNetwork({
    way,
    services: () => services.values(),
    slices: () => [...slices.values(), ...slicesOfPods(services.values(), pods?.values() ?? [])],
    domain,
    dnsAddress,
    apiServer,
    hostServices,
    log,
  });
  const { reach } = network;
  const seen = (service: KubeObject): KubeObject =>
    apiServer !== undefined && isApiServer(service) ? leadTo(service, apiServer) : reached(service, reach);
  return {
    dnsAddress: way.kind === "kernel" ? network.resolver.address : undefined,
    names: way.kind === "kernel" ? undefined : network.resolver,
    services: () => (way.kind === "kernel" ? services.values() : services.values().map(seen)),
    reach,
    close: async ({ keep }) => {
      await Promise.all([services.closed(), slices.closed(), pods?.closed()]);
      await network?.close({ keep });
    },
  };
}

function isApiServer({ metadata }: KubeObject): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}

/** Its certificate is for where it listens: programs get to know it by that. */
function leadTo(service: KubeObject, { address, port }: { address: string; port: number }): KubeObject {
  const { spec = {} } = service as KubeObject & { readonly spec?: { readonly ports?: readonly object[] } };
  const ports = (spec.ports ?? []).map((each) => ({ ...each, port }));
  return { ...service, spec: { ...spec, clusterIP: address, ports } } as KubeObject;
}

/** A service as it is reached where no kernel translates its cluster address. */
function reached(service: KubeObject, reach: (address: string) => string): KubeObject {
  const { spec } = service as KubeObject & { readonly spec?: { readonly clusterIP?: string } };
  if (spec?.clusterIP === undefined || !/^\d+\./u.test(spec.clusterIP)) return service;
  return { ...service, spec: { ...spec, clusterIP: reach(spec.clusterIP) } } as KubeObject;
}
