import type { KubeClient } from "@fairway/kube-client";
import { startClusterNetwork } from "../network/cluster-network.ts";
import type { ServiceWay } from "../network/cluster-network.ts";
import type { PolicyFacts } from "../network/policies/isolation.ts";
import { LoopbackServices } from "../network/services/loopback-services.ts";
import { ownPort } from "../network/services/service-table.ts";
import type { Endpoint } from "../network/services/service-table.ts";
import type { HostService } from "../network/services/host-services.ts";
import { slicesOfPods } from "../network/services/slices-of-pods.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { ObjectCache } from "./watch/object-cache.ts";
import type { ObjectCacheOptions } from "./watch/object-cache.ts";

export interface NodeNetworkOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
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
  /** A pod (`namespace/name`) has got its address; when this is over it is as isolated as policies want it. */
  readonly joined: (pod: string, address: string) => Promise<void>;
  /** Where the API server is reached at an address that isn't loopback. */
  readonly apiEndpoint: Endpoint | undefined;
  readonly close: (options: { readonly keep: boolean }) => Promise<void>;
}

/** Follows services and their endpoints; both are known when this returns. */
export async function startNodeNetwork(options: NodeNetworkOptions): Promise<NodeNetwork> {
  const { client, way, domain, dnsAddress, apiServer, hostServices, signal, log } = options;
  let network: Awaited<ReturnType<typeof startClusterNetwork>> | undefined;
  const tell = (): void => network?.changed();
  const services = new ObjectCache({ client, signal, log, path: "/api/v1/services", changed: tell });
  const slicesPath = "/apis/discovery.k8s.io/v1/endpointslices";
  const slices = new ObjectCache({ client, signal, log, path: slicesPath, changed: tell });
  const pods =
    way.kind === "loopback" ? new ObjectCache({ client, signal, log, path: "/api/v1/pods", changed: tell }) : undefined;
  const policies = way.kind === "kernel" ? followPolicies(options, tell) : undefined;
  const { apiEndpoint, relay } = await openApiEndpoint(options);
  await Promise.all([services.ready(), slices.ready(), pods?.ready(), policies?.ready()]);
  network = await startClusterNetwork({
    way,
    services: () => services.values(),
    slices: () => [...slices.values(), ...slicesOfPods(services.values(), pods?.values() ?? [])],
    domain,
    dnsAddress,
    apiServer,
    hostServices,
    ...(policies === undefined ? {} : { policies: policies.facts }),
    log,
  });
  const { reach, settled } = network;
  const seen = (service: KubeObject): KubeObject =>
    apiServer !== undefined && isApiServer(service) ? leadTo(service, apiServer) : reached(service, reach);
  return {
    dnsAddress: way.kind === "kernel" ? network.resolver.address : undefined,
    names: way.kind === "kernel" ? undefined : network.resolver,
    services: () => (way.kind === "kernel" ? services.values() : services.values().map(seen)),
    reach,
    apiEndpoint,
    joined: async (pod, address) => {
      if (policies?.joined(pod, address) === true) await settled();
    },
    close: async ({ keep }) => {
      await Promise.all([services.closed(), slices.closed(), pods?.closed(), policies?.closed()]);
      await relay.close({ keep });
      await network?.close({ keep });
    },
  };
}

/** On the pods' network the API server is reached at the machine's address, whatever loopback address it listens on itself. */
async function openApiEndpoint({ way, apiServer, log }: NodeNetworkOptions): Promise<{
  readonly apiEndpoint: Endpoint | undefined;
  readonly relay: LoopbackServices;
}> {
  const relay = new LoopbackServices({ reach: (address) => address, log });
  if (way.kind !== "kernel" || apiServer === undefined) return { apiEndpoint: undefined, relay };
  const apiEndpoint = { address: way.gateway, port: apiServer.port };
  // A rule of the kernel's would do, but the kubelet's own port could be the same: whoever listens has it.
  if (apiServer.address.startsWith("127."))
    await relay.apply([ownPort("default/kubernetes:endpoint", { at: apiEndpoint, to: apiServer })]);
  return { apiEndpoint, relay };
}

interface FollowedPolicies {
  readonly facts: () => PolicyFacts;
  /** Answers whether there are policies that may have something to say of it. */
  readonly joined: (pod: string, address: string) => boolean;
  readonly ready: () => Promise<unknown>;
  readonly closed: () => Promise<unknown>;
}

/** Network policies, and the pods and namespaces that they select. What the pods do matters only while there are policies. */
function followPolicies(options: NodeNetworkOptions, tell: () => void): FollowedPolicies {
  const { client, signal, log, nodeName } = options;
  const follow = (path: string, more: Partial<ObjectCacheOptions>): ObjectCache =>
    new ObjectCache({ client, signal, log, path, changed: tellIfAny, ...more });
  const tellIfAny = (): void => {
    if (policies.values().length > 0) tell();
  };
  const addresses = new Map<string, string>();
  const podChanged = (key: string, pod: KubeObject | undefined): void => {
    const { status } = (pod ?? {}) as { readonly status?: { readonly podIP?: string } };
    if (pod === undefined || status?.podIP !== undefined) addresses.delete(key);
    tellIfAny();
  };
  const policies = follow("/apis/networking.k8s.io/v1/networkpolicies", { changed: tell });
  const namespaces = follow("/api/v1/namespaces", {});
  const query = { fieldSelector: `spec.nodeName=${nodeName}` };
  const pods = follow("/api/v1/pods", { query, changed: podChanged });
  const all = [policies, namespaces, pods];
  return {
    facts: () => ({ policies: policies.values(), namespaces: namespaces.values(), pods: pods.values(), addresses }),
    joined: (pod, address) => {
      if (policies.values().length === 0) return false;
      addresses.set(pod, address);
      tell();
      return true;
    },
    ready: () => Promise.all(all.map((each) => each.ready())),
    closed: () => Promise.all(all.map((each) => each.closed())),
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
