import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openAuditFile, type AuditFile } from "../access/audit/audit-file.ts";
import { checkPolicyTypes } from "../admission/policies/check-types.ts";
import type { ValidatingPolicy } from "../admission/policies/policy-objects.ts";
import type { UserInfo } from "../api/api-exchange.ts";
import type { KubeClient } from "@fairway/kube-client";
import { startControllers } from "../controllers/start-controllers.ts";
import { startKubelet, type HostService, type Kubelet } from "../kubelet/index.ts";
import { startSimulatedNodes, type SimulatedNodesOptions } from "../simulated-nodes/index.ts";
import { startScheduler } from "../scheduler/start-scheduler.ts";
import { createMemoryStore, openLmdbStore } from "../store/index.ts";
import { publishApiEndpoint } from "./api-endpoints.ts";
import { startApiServer, type ApiServer } from "./api-server.ts";
import { signCertificate } from "./certificate-signer.ts";
import { keepCompact } from "./compaction.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { issueCertificate } from "./tls/certificate.ts";
import { clusterCredentials, type ClusterCredentials } from "./tls/credentials.ts";

export interface ClusterOptions {
  /** Keeps everything, for this process alone. Without one nothing outlives the process, and no pods run. */
  readonly folder: string | undefined;
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** What runs beside the API server. */
  readonly parts: "api-server" | "controllers" | "node";
  readonly runtime?: "process" | "oci";
  readonly nodeName?: string;
  /** Nodes without a machine, whose pods only seem to run; they need controllers. */
  readonly simulatedNodes?: Pick<SimulatedNodesOptions, "count" | "cpu" | "memory">;
  readonly imageLayouts?: readonly string[];
  readonly registryMirrors?: Readonly<Record<string, string>>;
  /**
   * Services that lead to programs of this machine: a Service of this name without a selector is reached by pods and by the machine as any other,
   * and ends at the target. The Service itself is made by whoever describes the cluster.
   */
  readonly hostServices?: readonly HostService[];
  /** The text of a Policy of audit.k8s.io/v1: by it requests are logged to `audit.log` in the folder. */
  readonly auditPolicy?: string;
  readonly now?: () => Date;
  readonly log: (line: string) => void;
}

export interface Cluster {
  readonly url: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  /** Written when there is a folder. */
  readonly kubeconfigPath: string | undefined;
  /** Speaks to the API server from within the process, as the administrator. */
  readonly client: KubeClient;
  /** With `keep` the containers go on, and the next start takes them up. */
  readonly close: (options?: { readonly keep?: boolean }) => Promise<void>;
}

const administrator: UserInfo = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };
const authenticated = ["system:masters", "system:authenticated"];

/** Starts a whole cluster in this process. Its parts speak to each other through the API alone. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, log, host = "127.0.0.1", now = () => new Date() } = options;
  const at = (...path: string[]): string | undefined => (folder === undefined ? undefined : join(folder, ...path));
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const storeFolder = at("store");
  const auditFile = openAudit(options.auditPolicy, at("audit.log"), now);
  // Keys take as long to make as a store to open.
  const [store, credentials] = await Promise.all([
    storeFolder === undefined ? createMemoryStore() : openLmdbStore({ folder: storeFolder }),
    clusterCredentials({ folder: at("credentials"), now: now(), hosts: [host] }),
  ]);
  const compaction = keepCompact(store, log);
  const closeStore = async (): Promise<void> => {
    auditFile?.close();
    compaction.stop();
    await store.close();
  };
  const audit = auditFile?.audit;
  const listening = { store, credentials, host, port: options.port, now, log, audit };
  const server = await startApiServer(listening).catch(async (error: unknown) => {
    await closeStore();
    throw error;
  });
  const closeServer = async (): Promise<void> => {
    await server.close();
    await closeStore();
  };
  const parts = await startParts(options, credentials, server).catch(async (error: unknown) => {
    await closeServer();
    throw error;
  });
  const text = kubeconfig({
    name: "fairway",
    server: server.url,
    authority: credentials.authority.certificate,
    client: credentials.administrator,
  });
  const kubeconfigPath = at("kubeconfig");
  if (kubeconfigPath !== undefined) replaceFile(kubeconfigPath, text);
  return {
    url: server.url,
    kubeconfig: text,
    kubeconfigPath,
    client: server.clientOf(administrator, "fairway"),
    close: async ({ keep = false } = {}) => {
      await parts.close(keep);
      await closeServer();
    },
  };
}

function openAudit(policy: string | undefined, path: string | undefined, now: () => Date): AuditFile | undefined {
  if (policy === undefined) return undefined;
  if (path === undefined) throw new Error("an audit log needs a folder");
  return openAuditFile({ path, policy, now });
}

interface Parts {
  readonly close: (keep: boolean) => Promise<void>;
}

async function startParts(options: ClusterOptions, credentials: ClusterCredentials, server: ApiServer): Promise<Parts> {
  const { parts, log, folder, now = () => new Date() } = options;
  if (parts === "api-server") {
    if (options.simulatedNodes) throw new Error("simulated nodes need controllers beside the API server");
    return { close: async () => undefined };
  }
  const { clientOf, measureWith, tokens, types } = server;
  const userOf = (name: string): UserInfo => ({ name, groups: authenticated });
  const manager = "system:kube-controller-manager";
  const controllers = startControllers(clientOf(userOf(manager), "kube-controller-manager"), {
    log,
    options: {
      rootCertificates: credentials.authority.certificate,
      // The API server decoded and validated it.
      checkPolicy: (policy) => checkPolicyTypes(types, policy as unknown as ValidatingPolicy),
      signAccountToken: async (of) => tokens.issueForSecret(of),
      signCertificate: async (wish) => signCertificate({ authority: credentials.authority, now }, wish),
      ...(folder === undefined || parts !== "node" ? {} : { volumesFolder: join(folder, "volumes") }),
    },
  });
  const scheduler = startScheduler(clientOf(userOf("system:kube-scheduler"), "kube-scheduler"), {
    log,
    informers: controllers.informers,
  });
  const closeControl = async (): Promise<void> => {
    await Promise.all([controllers.close(), scheduler.close()]);
  };
  try {
    const kubelet = parts === "node" ? await startNode(options, credentials, server) : undefined;
    if (kubelet) measureWith(kubelet);
    const published = kubelet && publishApiEndpoint(clientOf(administrator, "kube-apiserver"), kubelet.apiEndpoint);
    await Promise.all([controllers.ready, scheduler.ready, published]);
    const simulated = await startSimulatedNodes(clientOf(userOf("system:node:simulated"), "kubelet"), {
      ...(options.simulatedNodes ?? { count: 0, cpu: "0", memory: "0" }),
      isBesideReal: kubelet !== undefined,
      informers: controllers.informers,
      log,
    });
    return {
      close: async (keep) => {
        await simulated.close();
        await kubelet?.close({ keep });
        await closeControl();
      },
    };
  } catch (error) {
    await closeControl();
    throw error;
  }
}

async function startNode(
  options: ClusterOptions,
  credentials: ClusterCredentials,
  { clientOf, port }: ApiServer,
): Promise<Kubelet> {
  const { folder, log, now, host = "127.0.0.1", nodeName = "fairway", runtime = "process" } = options;
  if (folder === undefined) throw new Error("a node needs a folder for images, volumes and logs");
  const certificate = issueCertificate(
    {
      commonName: `system:node:${nodeName}`,
      organizations: ["system:nodes"],
      use: "server",
      hosts: [nodeName, "127.0.0.1"],
      now: now?.() ?? new Date(),
      days: 365,
    },
    credentials.authority,
  );
  const user: UserInfo = { name: `system:node:${nodeName}`, groups: ["system:nodes", ...authenticated] };
  return startKubelet(clientOf(user, "kubelet"), {
    nodeName,
    folder: join(folder, "node"),
    runtime,
    apiServer: { address: host, port },
    server: {
      port: 0,
      certificate: certificate.certificate,
      key: certificate.key,
      clientCa: credentials.authority.certificate,
    },
    ...(options.imageLayouts === undefined ? {} : { imageLayouts: options.imageLayouts }),
    ...(options.registryMirrors === undefined ? {} : { registryMirrors: options.registryMirrors }),
    ...(options.hostServices === undefined ? {} : { hostServices: options.hostServices }),
    ...(now === undefined ? {} : { now }),
    log,
  });
}

/** Renamed into place: whoever reads it sees the old one or the new one. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
