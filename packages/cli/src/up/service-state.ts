import type { KubeClient } from "@fairway/kube-client";

/** How a service is, as its workload and its pods tell. */
export interface ServiceState {
  readonly service: string;
  readonly namespace: string;
  readonly health: "healthy" | "starting" | "failing" | "missing" | "stopped";
  readonly version: string;
  readonly ready: number;
  readonly wanted: number;
  /** Why it is not healthy. */
  readonly reason?: string;
  /** A pod whose log says more about the reason. */
  readonly failingPod?: string;
  /** `http://shop.dev.localhost/orders` */
  readonly addresses: readonly string[];
}

export function isWell({ health }: ServiceState): boolean {
  return health === "healthy" || health === "stopped";
}

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A Deployment or a StatefulSet: they tell the same of themselves. */
interface Workload {
  readonly metadata: Meta;
  readonly spec: { readonly replicas?: number; readonly template?: { readonly metadata?: Meta } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: ContainerEnd;
  };
  readonly lastState?: { readonly terminated?: ContainerEnd };
}

interface ContainerEnd {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode: number;
}

interface Pod {
  readonly metadata: Meta;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface Ingress {
  readonly metadata: Meta;
  readonly spec?: {
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly { readonly path?: string }[] };
    }[];
  };
}

export interface WantedService {
  readonly service: string;
  readonly namespace: string;
}

/** The state of these services now, in their order. */
export async function serviceStates(
  client: KubeClient,
  services: readonly WantedService[],
): Promise<readonly ServiceState[]> {
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
  const found = new Map(
    await Promise.all(
      namespaces.map(async (namespace) => [namespace, await readNamespace(client, namespace)] as const),
    ),
  );
  return services.map((wanted) => stateOf(wanted, found.get(wanted.namespace) ?? empty));
}

interface Found {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly ingresses: readonly Ingress[];
}

const empty: Found = { workloads: [], pods: [], ingresses: [] };

async function readNamespace(client: KubeClient, namespace: string): Promise<Found> {
  const list = async <T>(path: string): Promise<readonly T[]> => {
    const { status, body } = await client.request({ method: "GET", path });
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    return (body as { readonly items: readonly T[] }).items;
  };
  const [deployments, statefulSets, pods, ingresses] = await Promise.all([
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/statefulsets`),
    list<Pod>(`/api/v1/namespaces/${namespace}/pods`),
    list<Ingress>(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`),
  ]);
  return { workloads: [...deployments, ...statefulSets], pods, ingresses };
}

function stateOf({ service, namespace }: WantedService, found: Found): ServiceState {
  const workload = found.workloads.find(({ metadata }) => metadata.name === service);
  const addresses = addressesOf(service, found.ingresses);
  if (workload === undefined) {
    const nothing = { ready: 0, wanted: 0, version: "", addresses };
    return { service, namespace, health: "missing", reason: "it is not in the cluster", ...nothing };
  }
  const { spec, status = {}, metadata } = workload;
  const wanted = spec.replicas ?? 1;
  const ready = Math.min(status.availableReplicas ?? 0, wanted);
  const version = spec.template?.metadata?.labels?.["app.kubernetes.io/version"] ?? "";
  const state = { service, namespace, version, ready, wanted, addresses };
  const isCurrent =
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted;
  if (isCurrent && ready === wanted) return { ...state, health: wanted === 0 ? "stopped" : "healthy" };
  const pods = found.pods.filter((pod) => belongsTo(service, pod));
  const trouble = troubleOf(pods) ?? workloadTrouble(status.conditions ?? []);
  return { ...state, health: trouble ? "failing" : "starting", ...(trouble ?? { reason: waitingFor(pods) }) };
}

function belongsTo(service: string, { metadata }: Pod): boolean {
  return metadata.labels?.["app.kubernetes.io/name"] === service && metadata.deletionTimestamp === undefined;
}

interface Trouble {
  readonly reason: string;
  readonly failingPod?: string;
}

/** What the kubelet says of containers that were gone when it came back: after `fairway down` that is how it should be. */
const endedWithTheNode = "ContainerStatusUnknown";

/** Waiting reasons that pass by themselves. */
const passing = new Set(["ContainerCreating", "PodInitializing"]);

function troubleOf(pods: readonly Pod[]): Trouble | undefined {
  for (const { metadata, status = {} } of pods) {
    const unscheduled = status.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
    if (unscheduled) return { reason: unscheduled.message ?? "no node takes its pod" };
    if (status.phase === "Failed") return { reason: status.message ?? status.reason ?? "its pod failed" };
    for (const each of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
      const trouble = containerTrouble(each, metadata.name);
      if (trouble) return trouble;
    }
  }
  return undefined;
}

function containerTrouble(container: ContainerStatus, pod: string): Trouble | undefined {
  const { waiting, terminated } = container.state ?? {};
  const ended = terminated ?? container.lastState?.terminated;
  const ends = ended === undefined ? "" : endOf(ended);
  if (waiting?.reason !== undefined && !passing.has(waiting.reason)) {
    if (waiting.reason === "CrashLoopBackOff") {
      const restarts = `it was started again ${container.restartCount === 1 ? "once" : `${container.restartCount} times`}`;
      return { reason: `${ends}; ${restarts}`, failingPod: pod };
    }
    return { reason: [waiting.reason, waiting.message].filter(Boolean).join(": ") };
  }
  if (terminated && terminated.exitCode !== 0) return { reason: ends, failingPod: pod };
  // How it ended before may not be known any more: then it is only seen that it starts.
  if (container.ready || container.restartCount === 0 || ended === undefined) return undefined;
  if (ended.reason === endedWithTheNode) return undefined;
  return { reason: `${ends} and was started again`, failingPod: pod };
}

function endOf({ exitCode, reason, message }: ContainerEnd): string {
  if (reason === "OOMKilled") return "it used more memory than resources.limits.memory allows (OOMKilled)";
  // It has written nothing: only the runtime knows why.
  if (reason === "StartError") return `it can't be started${message ? `: ${message}` : ""}`;
  return `it ended with ${exitCode}${reason ? ` (${reason})` : ""}`;
}

function workloadTrouble(conditions: readonly Condition[]): Trouble | undefined {
  const failure = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  if (failure) return { reason: failure.message ?? "its pods can't be made" };
  const late = conditions.find(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded");
  return late ? { reason: late.message ?? "it takes too long" } : undefined;
}

function waitingFor(pods: readonly Pod[]): string {
  if (pods.length === 0) return "its pods are being made";
  const unready = pods.find(({ status }) => status?.containerStatuses?.some(({ ready }) => !ready) ?? true);
  return unready === undefined ? "the rollout goes on" : "its pod is not ready yet";
}

function addressesOf(service: string, ingresses: readonly Ingress[]): readonly string[] {
  return ingresses
    .filter(({ metadata }) => metadata.name === service)
    .flatMap(({ spec }) => spec?.rules ?? [])
    .flatMap(({ host, http }) => (http?.paths ?? []).map(({ path }) => `http://${host ?? "localhost"}${path ?? "/"}`));
}
