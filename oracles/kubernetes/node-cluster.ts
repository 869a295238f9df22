import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeReadyMs } from "../machine/limits.ts";
import { OracleError } from "../machine/oracle-error.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { connect } from "./api-client.ts";
import type { ApiClient } from "./api-client.ts";
import { cniFolder } from "./cni.ts";
import { writeState } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./components.ts";
import type { ControlPlane } from "./components.ts";
import { waitForApiServer } from "./control-plane.ts";
import { kubeconfigFile, makeCredentials } from "./credentials.ts";
import { clusterDns, clusterDnsDeployment } from "./data/cluster-dns.ts";
import { copyImageStore } from "./image-store.ts";
import { logTail } from "./logs.ts";
import { containerd, containerdFolder, kubelet, proxy } from "./node-components.ts";
import type { NodeOptions } from "./node-components.ts";
import { openNodeNamespace } from "./node-namespace.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import { connectToFirst, connectToMachine } from "./node-network.ts";
import { addressesTaken, chooseNetwork, nodeFolder, onNode, planNodes } from "./node-plan.ts";
import type { NodePlan } from "./node-plan.ts";

export interface NodeClusterOptions {
  readonly folder: string;
  readonly id: string;
  readonly binaries: { readonly etcd: string; readonly kubernetes: string };
  readonly imageStore: string;
  readonly nodes: number;
  readonly durable: boolean;
}

/** A whole cluster; each node is in namespaces of its own, the control plane in those of the first. */
export async function startNodeCluster(options: NodeClusterOptions): Promise<ClusterState> {
  const { folder, id } = options;
  const plans = planNodes(chooseNetwork(addressesTaken()), options.nodes);
  const address = plans[0]?.address ?? "";
  const plane: ControlPlane = {
    folder,
    binaries: options.binaries,
    bindAddress: "0.0.0.0",
    advertiseAddress: address,
    etcdHost: "127.0.0.1",
    ports: { api: 6443, etcd: 2379, etcdPeer: 2380 },
    durable: options.durable,
    withKubelet: true,
  };
  let state: ClusterState = {
    version: 1,
    id,
    kind: "node",
    phase: "starting",
    server: `https://${address}:6443`,
    kubeconfig: kubeconfigFile(folder),
    processes: [],
  };
  writeState(folder, state);
  mkdirSync(join(folder, "logs"), { recursive: true });
  const onStarted = (process: ProcessIdentity): void => {
    state = { ...state, processes: [process, ...state.processes] };
    writeState(folder, state);
  };
  const [access, nodes] = await Promise.all([
    makeCredentials(folder, { address, port: plane.ports.api, nodes: plans.map((plan) => plan.name) }),
    Promise.all(plans.map(async (plan) => openNode(plan, options, onStarted))),
  ]);
  const client = connect(access);
  try {
    await connectNodes(id, nodes);
    await startComponents({ client, plane, nodes });
  } finally {
    client.close();
    for (const node of nodes) node.namespace.detach();
  }
  state = { ...state, phase: "ready" };
  writeState(folder, state);
  return state;
}

interface Node {
  readonly plan: NodePlan;
  readonly namespace: NodeNamespace;
  readonly options: NodeOptions;
}

async function openNode(
  plan: NodePlan,
  cluster: NodeClusterOptions,
  onStarted: (process: ProcessIdentity) => void,
): Promise<Node> {
  const { folder, id } = cluster;
  mkdirSync(nodeFolder(folder, plan.name), { recursive: true });
  const [namespace] = await Promise.all([
    openNodeNamespace({ folder, id, name: plan.name, onStarted }),
    copyImageStore(cluster.imageStore, containerdFolder(folder, plan.name)),
  ]);
  const options = { folder, id, kubernetes: cluster.binaries.kubernetes, plan, cniPlugins: cniFolder() };
  return { plan, namespace, options };
}

async function connectNodes(id: string, nodes: readonly Node[]): Promise<void> {
  const [first, ...others] = nodes;
  if (first === undefined) throw new OracleError("bad-input", "a cluster has at least one node");
  await connectToMachine(id, first);
  for (const other of others) await connectToFirst(first, other);
}

async function startComponents(parts: {
  client: ApiClient;
  plane: ControlPlane;
  nodes: readonly Node[];
}): Promise<void> {
  const { client, plane, nodes } = parts;
  const { folder } = plane;
  const first = nodes[0]?.namespace;
  first?.start(etcd(plane));
  first?.start(apiServer(plane));
  for (const { namespace, options } of nodes) namespace.start(containerd(options));
  const ended = (): string | undefined =>
    nodes.map(({ namespace }) => namespace.ended()).find((each) => each !== undefined);
  await waitForApiServer(client, { folder, ended });
  for (const { namespace, options } of nodes) namespace.start(kubelet(options));
  first?.start(controllerManager(plane));
  first?.start(scheduler(plane));
  for (const { namespace, options } of nodes) namespace.start(proxy(options));
  await createClusterDns(client);
  const wait = {
    timeoutMs: nodeReadyMs,
    hopeless: () => {
      const name = ended();
      return name === undefined ? undefined : `${name} ended:\n${logTail(folder, name)}`;
    },
  };
  for (const { plan } of nodes) {
    await waitUntil(async () => isNodeReady((await client.send("GET", `/api/v1/nodes/${plan.name}`)).body), {
      ...wait,
      what: `the readiness of ${plan.name}`,
      detail: () => logTail(folder, onNode("kubelet", plan.name)),
    });
  }
  await waitUntil(async () => isAvailable((await client.send("GET", clusterDnsDeployment)).body), {
    ...wait,
    what: "the cluster's DNS",
    detail: () => logTail(folder, "kube-controller-manager"),
  });
}

async function createClusterDns(client: ApiClient): Promise<void> {
  // The API server makes it after it has called itself ready.
  await waitUntil(async () => (await client.send("GET", "/api/v1/namespaces/kube-system")).status === 200, {
    what: "the namespace kube-system",
    timeoutMs: nodeReadyMs,
  });
  for (const { path, body } of clusterDns) {
    const answer = await client.send("POST", path, body);
    if (answer.status !== 201) {
      throw new OracleError("start-failed", `the API server answered ${answer.status} to POST ${path}: ${answer.body}`);
    }
  }
}

export function isNodeReady(body: string): boolean {
  return hasCondition(body, "Ready");
}

function isAvailable(body: string): boolean {
  return hasCondition(body, "Available");
}

function hasCondition(body: string, type: string): boolean {
  if (!body.startsWith("{")) return false;
  const object = JSON.parse(body) as { status?: { conditions?: readonly { type?: unknown; status?: unknown }[] } };
  const conditions = object.status?.conditions ?? [];
  return conditions.some((each) => each.type === type && each.status === "True");
}
