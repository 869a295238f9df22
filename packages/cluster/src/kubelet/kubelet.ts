import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { KubeClient } from "@fairway/kube-client";
import type { HostService } from "../network/services/host-services.ts";
import { ImageStore } from "./images/image-store.ts";
import { NodeAgent } from "./node/node-agent.ts";
import { nodeCapacity } from "./node/node-object.ts";
import type { NodeFacts } from "./node/node-object.ts";
import { startNodeNetwork } from "./node-network.ts";
import type { NodeNetwork, NodeNetworkOptions } from "./node-network.ts";
import { openRuntime } from "./open-runtime.ts";
import { PodManager } from "./pod-manager.ts";
import { createEventRecorder } from "./pods/event-recorder.ts";
import type { EventRecorder } from "./pods/event-recorder.ts";
import type { Pod } from "./pods/pod.ts";
import type { PodServices } from "./pods/pod-services.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { nodeMetrics, podMetrics } from "./stats/metrics-api.ts";
import type { NodeMetrics, PodMetrics } from "./stats/metrics-api.ts";
import { UsageSource } from "./stats/usage-report.ts";
import { createKubeletAccess } from "./streams/kubelet-access.ts";
import { startKubeletServer } from "./streams/kubelet-server.ts";
import type { KubeletServer, KubeletServerOptions } from "./streams/kubelet-server.ts";
import { PodStreams } from "./streams/pod-streams.ts";
import { noPressure } from "./upkeep/node-pressure.ts";
import type { NodePressure } from "./upkeep/node-pressure.ts";
import { keepUpNode } from "./upkeep/node-upkeep.ts";
import { createTokenSource } from "./volumes/service-account-tokens.ts";
import { createConfigCache } from "./watch/config-cache.ts";
import type { ConfigCache } from "./watch/config-cache.ts";
import { ObjectCache } from "./watch/object-cache.ts";

export interface KubeletOptions {
  readonly nodeName: string;
  /** Keeps images, pods, logs, claims; nobody else may read it. */
  readonly folder: string;
  readonly runtime: "process" | "oci";
  /** OCI image layouts, asked before any registry. */
  readonly imageLayouts?: readonly string[];
  /** Where registries answer, by their name in images: `{ "docker.io": "http://127.0.0.1:7070" }`. */
  readonly registryMirrors?: Readonly<Record<string, string>>;
  readonly registryCa?: string;
  /** Registries that are neither on this machine nor mirrored are not asked. */
  readonly offline?: boolean;
  /** Unpacked images that no pod has used for so long go; left out: only when the disk is too full, as with a kubelet that isn't told otherwise. */
  readonly imageAgeMsMax?: number;
  /** Programs that stand in for those that an image lacks, for the process runtime. */
  readonly standIns?: Readonly<Record<string, string>>;
  readonly kubernetesVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the pods' network with the oci runtime, a /24; left out: one that follows from the folder. */
  readonly podSubnet?: string;
  /** The cluster address of cluster DNS, which the node itself answers at; 10.96.0.10 unless said. */
  readonly dnsAddress?: string;
  readonly clusterDomain?: string;
  /** Where the API server listens, for the pods that call it by the service `kubernetes`. */
  readonly apiServer?: { readonly address: string; readonly port: number };
  /** Services that lead to programs of this machine, for pods and for the machine itself. */
  readonly hostServices?: readonly HostService[];
  /** The kubelet's own HTTPS endpoint; without it logs and streams are there in process only. */
  readonly server?: {
    readonly port: number;
    readonly certificate: string;
    readonly key: string;
    readonly clientCa?: string;
    readonly allowAnonymous?: boolean;
  };
  readonly now?: () => Date;
  readonly log: (line: string) => void;
}

export interface Kubelet {
  readonly nodeName: string;
  readonly pods: PodManager;
  /** What an API server mounts as a pod's subresources. */
  readonly streams: PodStreams;
  /** What metrics.k8s.io is made of. */
  readonly usage: UsageSource;
  readonly nodeMetrics: () => NodeMetrics;
  readonly podMetrics: () => Promise<PodMetrics[]>;
  /** The address under which this machine reaches a service by its cluster address. */
  readonly reach: (clusterAddress: string) => string;
  /** Where the API server is reached at an address that isn't loopback; undefined where it isn't. */
  readonly apiEndpoint: { readonly address: string; readonly port: number } | undefined;
  /** Of the HTTPS endpoint. */
  readonly port: number | undefined;
  /** Ends the kubelet; with `keep` the containers go on and a later run takes them up. */
  readonly close: (options?: { keep?: boolean }) => Promise<void>;
}

const podsMax = 110;

/** Starts a node: registered and Ready when this returns. */
export async function startKubelet(client: KubeClient, options: KubeletOptions): Promise<Kubelet> {
  const { folder, nodeName, log } = options;
  const now = options.now ?? (() => new Date());
  const ending = new AbortController();
  const { signal } = ending;
  makeFolders(folder);
  const { standIns = {}, podSubnet } = options;
  const { runtime, nodeAddress, way } = await openRuntime({ folder, runtime: options.runtime, standIns, podSubnet });
  const network = await startNodeNetwork({ client, nodeName, way, signal, log, ...networkNames(options) });
  const images = await openImages(options);
  const events = createEventRecorder({ client, node: nodeName, now, log });
  const config = createConfigCache({ client, signal, log, changed: (namespace) => pods.configChanged(namespace) });
  const pressure = noPressure();
  const parts = { client, options, runtime, nodeAddress, images, events, config, network, pressure, now };
  const services = podServices(parts);
  const pods: PodManager = new PodManager(services, [runtime]);
  const streams = new PodStreams(pods, log);
  const usage = new UsageSource(nodeName, now);
  const server = await serve(client, options, { host: nodeAddress, streams, pods, usage, log });
  const port = server?.port ?? 10_250;
  const facts = nodeFacts(options, { address: nodeAddress, runtimeVersion: runtime.version, port });
  const agent = new NodeAgent({ client, images, events, pressure, now, signal, log, facts });
  await pods.adopt(await listPods(client, nodeName));
  const podCache = new ObjectCache({
    client,
    signal,
    log,
    path: "/api/v1/pods",
    query: { fieldSelector: `spec.nodeName=${nodeName}` },
    changed: (key, object) => pods.changed(key, object),
  });
  await agent.start();
  pods.startRefreshing(signal);
  const { imageAgeMsMax = 0 } = options;
  const shared = { images, pods, folder, imageAgeMsMax, pressure, now, signal, log };
  const upkeep = keepUpNode({ ...shared, ...agent.reports() });
  return {
    nodeName,
    pods,
    streams,
    usage,
    nodeMetrics: () => nodeMetrics(usage),
    podMetrics: () => podMetrics(usage, pods),
    reach: network.reach,
    apiEndpoint: network.apiEndpoint,
    port: server?.port,
    close: async ({ keep = false } = {}) => {
      if (!keep) await agent.postNotReady();
      await pods.close({ keep });
      streams.close();
      await server?.close();
      await events.flush();
      ending.abort();
      await Promise.all([podCache.closed(), network.close({ keep }), config.closed(), agent.closed(), upkeep]);
      await runtime.close();
    },
  };
}

function makeFolders(folder: string): void {
  for (const each of ["", "pods", "logs", "claims"]) mkdirSync(join(folder, each), { recursive: true, mode: 0o700 });
}

interface Parts {
  readonly client: KubeClient;
  readonly options: KubeletOptions;
  readonly runtime: Runtime;
  readonly nodeAddress: string;
  readonly images: ImageStore;
  readonly events: EventRecorder;
  readonly config: ConfigCache;
  readonly network: NodeNetwork;
  readonly pressure: NodePressure;
  readonly now: () => Date;
}

/** What a pod's worker gets of all this. */
function podServices({ options, network, ...parts }: Parts): PodServices {
  const { folder, nodeName, log } = options;
  const minor = versionOf(options).replace(/^v/u, "").split(".").slice(0, 2).join(".");
  return {
    ...parts,
    tokens: createTokenSource(parts.client, () => parts.now().getTime()),
    services: network.services,
    joined: network.joined,
    allocatable: nodeCapacity({ folder, podsMax }),
    nodeName,
    dnsAddress: network.dnsAddress,
    clusterDomain: networkNames(options).domain,
    names: network.names,
    folder,
    kubeletAgent: `kube-probe/${minor}`,
    log,
  };
}

/** What is usual unless the cluster says otherwise. */
function networkNames(
  options: KubeletOptions,
): Pick<NodeNetworkOptions, "domain" | "dnsAddress" | "apiServer" | "hostServices"> {
  const { clusterDomain = "cluster.local", dnsAddress = "10.96.0.10", apiServer, hostServices = [] } = options;
  return { domain: clusterDomain, dnsAddress, apiServer, hostServices };
}

function nodeFacts(options: KubeletOptions, found: Pick<NodeFacts, "runtimeVersion" | "port" | "address">): NodeFacts {
  const { nodeName, labels = {}, folder } = options;
  const kubernetesVersion = versionOf(options);
  return { ...found, name: nodeName, kubernetesVersion, labels, folder, podsMax };
}

function versionOf(options: KubeletOptions): string {
  return options.kubernetesVersion ?? "v1.35.4";
}

async function openImages(options: KubeletOptions): Promise<ImageStore> {
  return ImageStore.open({
    folder: join(options.folder, "images"),
    layouts: options.imageLayouts ?? [],
    mirrors: options.registryMirrors ?? {},
    offline: options.offline ?? false,
    log: options.log,
    ...(options.registryCa === undefined ? {} : { registryCa: options.registryCa }),
  });
}

async function serve(
  client: KubeClient,
  options: KubeletOptions,
  parts: Pick<KubeletServerOptions, "host" | "streams" | "pods" | "usage" | "log">,
): Promise<KubeletServer | undefined> {
  if (options.server === undefined) return undefined;
  const { clientCa, allowAnonymous = false, ...rest } = options.server;
  const access = createKubeletAccess({
    client,
    nodeName: options.nodeName,
    hasClientCa: clientCa !== undefined,
    allowAnonymous,
    now: () => (options.now?.() ?? new Date()).getTime(),
  });
  return startKubeletServer({ ...parts, ...rest, folder: options.folder, clientCa, access });
}

/** Before anything is adopted or discarded it has to be known which pods the node has. */
async function listPods(client: KubeClient, nodeName: string): Promise<Pod[]> {
  const query = { fieldSelector: `spec.nodeName=${nodeName}` };
  const answer = await client.request({ method: "GET", path: "/api/v1/pods", query });
  if (answer.status !== 200) throw new Error(`the pods of ${nodeName} could not be listed: ${answer.status}`);
  const list = answer.body as { items?: Pod[] };
  return list.items ?? [];
}
