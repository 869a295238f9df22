import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeReadyMs } from "../machine/limits.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { connect } from "./api-client.ts";
import type { ApiClient } from "./api-client.ts";
import { cniFolder } from "./cni.ts";
import { writeState } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./components.ts";
import type { ControlPlane } from "./components.ts";
import { waitForApiServer } from "./control-plane.ts";
import { kubeconfigFile, makeCredentials, nodeName } from "./credentials.ts";
import { clusterDns, clusterDnsDeployment } from "./data/cluster-dns.ts";
import { copyImageStore } from "./image-store.ts";
import { logTail } from "./logs.ts";
import { containerd, containerdFolder, kubelet, proxy } from "./node-components.ts";
import type { NodeOptions } from "./node-components.ts";
import { addressesTaken, chooseAddresses, openNodeNamespace } from "./node-namespace.ts";
import type { NodeNamespace } from "./node-namespace.ts";

export interface NodeClusterOptions {
  readonly folder: string;
  readonly id: string;
  readonly binaries: { readonly etcd: string; readonly kubernetes: string };
  readonly imageStore: string;
  readonly durable: boolean;
}

/** A whole cluster of one node, all of it in namespaces of its own. */
export async function startNodeCluster(options: NodeClusterOptions): Promise<ClusterState> {
  const { folder, id } = options;
  const addresses = chooseAddresses(addressesTaken());
  const plane: ControlPlane = {
    folder,
    binaries: options.binaries,
    bindAddress: "0.0.0.0",
    advertiseAddress: addresses.node,
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
    server: `https://${addresses.node}:6443`,
    kubeconfig: kubeconfigFile(folder),
    processes: [],
  };
  writeState(folder, state);
  mkdirSync(join(folder, "logs"), { recursive: true });
  const [access, namespace] = await Promise.all([
    makeCredentials(folder, addresses.node, plane.ports.api),
    openNodeNamespace({
      folder,
      id,
      addresses,
      onStarted: (processes) => {
        state = { ...state, processes };
        writeState(folder, state);
      },
    }),
    copyImageStore(options.imageStore, containerdFolder(folder)),
  ]);
  const client = connect(access);
  try {
    await startComponents(namespace, client, plane, {
      folder,
      id,
      kubernetes: options.binaries.kubernetes,
      address: addresses.node,
      cniPlugins: cniFolder(),
    });
  } finally {
    client.close();
    namespace.detach();
  }
  state = { ...state, phase: "ready" };
  writeState(folder, state);
  return state;
}

async function startComponents(
  namespace: NodeNamespace,
  client: ApiClient,
  plane: ControlPlane,
  node: NodeOptions,
): Promise<void> {
  const { folder } = plane;
  namespace.start(etcd(plane));
  namespace.start(apiServer(plane));
  namespace.start(containerd(node));
  await waitForApiServer(client, { folder, ended: () => namespace.ended() });
  for (const component of [kubelet(node), controllerManager(plane), scheduler(plane), proxy(node)]) {
    namespace.start(component);
  }
  await createClusterDns(client);
  const wait = {
    timeoutMs: nodeReadyMs,
    hopeless: () => {
      const name = namespace.ended();
      return name === undefined ? undefined : `${name} ended:\n${logTail(folder, name)}`;
    },
    detail: () => logTail(folder, "kubelet"),
  };
  await waitUntil(async () => isNodeReady((await client.send("GET", `/api/v1/nodes/${nodeName}`)).body), {
    ...wait,
    what: "a Ready node",
  });
  await waitUntil(async () => isAvailable((await client.send("GET", clusterDnsDeployment)).body), {
    ...wait,
    what: "the cluster's DNS",
  });
}

async function createClusterDns(client: ApiClient): Promise<void> {
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
