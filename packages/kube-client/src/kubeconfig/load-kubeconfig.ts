import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createHttpsClient } from "../https-client.ts";
import type { HttpsClient } from "../https-client.ts";
import { KubeError } from "../kube-error.ts";
import { credentialSourceOf, pemOf, tokenFileSource } from "./credential-source.ts";
import type { KubeconfigCluster, KubeconfigUser } from "./kubeconfig-file.ts";
import { findKubeconfig } from "./merge-kubeconfigs.ts";
import type { FoundKubeconfig } from "./merge-kubeconfigs.ts";
import { proxyOf } from "./proxy.ts";

export interface LoadKubeconfigOptions {
  /** As `--kubeconfig`; left out: the files of `KUBECONFIG`, then `~/.kube/config`, then the pod's service account. */
  readonly path?: string;
  /** Left out: the current one. */
  readonly context?: string;
  /** As `--server`: another address of the same cluster. */
  readonly server?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly userAgent?: string;
  readonly now?: () => number;
  /** Whether credential plugins may ask a person. */
  readonly isTerminal?: boolean;
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string;
}

/** A cluster, and how to speak to it as whom. */
export interface ClusterAccess {
  readonly server: string;
  /** The namespace of the context, `default` without one. */
  readonly namespace: string;
  /** Undefined in a pod. */
  readonly context: string | undefined;
  /** Where this comes from, for messages. */
  readonly source: string;
  readonly client: HttpsClient;
}

export async function loadKubeconfig(options: LoadKubeconfigOptions = {}): Promise<ClusterAccess> {
  const { path, env = process.env, home = homedir() } = options;
  const found = await findKubeconfig({ path, env, home });
  if (found !== undefined) return accessOf(found, options);
  const inCluster = options.context === undefined ? await serviceAccountAccess(options) : undefined;
  if (inCluster !== undefined) return inCluster;
  const places = env["KUBECONFIG"] === undefined ? join(home, ".kube", "config") : `KUBECONFIG=${env["KUBECONFIG"]}`;
  throw new KubeError("config-missing", `there is no kubeconfig (${places}): name one with --kubeconfig or KUBECONFIG`);
}

async function accessOf({ config, files }: FoundKubeconfig, options: LoadKubeconfigOptions): Promise<ClusterAccess> {
  const { env = process.env, now = Date.now, isTerminal = process.stdin.isTTY, userAgent } = options;
  const source = files.join(", ");
  const name = options.context ?? config.currentContext;
  if (name === undefined) throw unknown(source, "has no current-context", config.contexts);
  const context = config.contexts.get(name);
  if (context === undefined) throw unknown(source, `has no context "${name}"`, config.contexts);
  const cluster = requireNamed(config.clusters, context.cluster, { source, name, what: "cluster" });
  const user =
    context.user === undefined ? undefined : requireNamed(config.users, context.user, { source, name, what: "user" });
  const where = `${source}: clusters[${context.cluster ?? ""}]`;
  const server = serverOf(options.server ?? cluster.server, where);
  const authority = await pemOf(cluster.authorityData, cluster.authorityFile, `${where}.certificate-authority`);
  if (authority !== undefined && cluster.insecureSkipVerify) {
    throw new KubeError("config-invalid", `${where} has certificate-authority and insecure-skip-tls-verify: leave one`);
  }
  const proxy = proxyOf({ server, proxyUrl: cluster.proxyUrl, env, where });
  const credentials =
    user === undefined
      ? { get: async () => ({}), forget: () => undefined }
      : await credentialSourceOf(user, {
          where: `${source}: users[${context.user ?? ""}]`,
          cluster: clusterInfo(cluster, server, authority),
          env,
          isTerminal,
          now,
        });
  const client = createHttpsClient({
    server,
    credentials,
    headers: impersonation(user),
    insecureSkipVerify: cluster.insecureSkipVerify,
    ...(authority === undefined ? {} : { certificateAuthority: authority }),
    ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(userAgent === undefined ? {} : { userAgent }),
  });
  return { server, namespace: context.namespace ?? "default", context: name, source, client };
}

function unknown(source: string, what: string, contexts: ReadonlyMap<string, unknown>): KubeError {
  const names = [...contexts.keys()].sort();
  const known = names.length === 0 ? "there are none in it" : `there are ${names.join(", ")}`;
  return new KubeError("config-invalid", `${source} ${what}: ${known}`);
}

function requireNamed<T>(
  entries: ReadonlyMap<string, T>,
  wanted: string | undefined,
  { source, name, what }: { source: string; name: string; what: string },
): T {
  const found = wanted === undefined ? undefined : entries.get(wanted);
  if (found !== undefined) return found;
  const problem = wanted === undefined ? `names no ${what}` : `names the ${what} "${wanted}", which is not there`;
  throw new KubeError("config-invalid", `${source}: the context "${name}" ${problem}`);
}

function serverOf(server: string | undefined, where: string): string {
  if (server === undefined) throw new KubeError("config-invalid", `${where}.server is missing`);
  const text = server.includes("://") ? server : `http://${server}`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new KubeError("config-invalid", `${where}.server is ${server}, which is no http or https address`);
  }
  return text.replace(/\/+$/u, "");
}

/** `spec.cluster` of `ExecCredential`. */
function clusterInfo(
  cluster: KubeconfigCluster,
  server: string,
  authority: Buffer | undefined,
): Record<string, unknown> {
  return {
    server,
    ...(cluster.serverName === undefined ? {} : { "tls-server-name": cluster.serverName }),
    ...(cluster.insecureSkipVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(authority === undefined ? {} : { "certificate-authority-data": authority.toString("base64") }),
    ...(cluster.proxyUrl === undefined ? {} : { "proxy-url": cluster.proxyUrl }),
    config: cluster.execConfig ?? null,
  };
}

function impersonation(user: KubeconfigUser | undefined): Record<string, string | string[]> {
  if (user === undefined) return {};
  const groups = user.impersonateGroups;
  return { ...user.impersonate, ...(groups.length === 0 ? {} : { "impersonate-group": [...groups] }) };
}

/** In a pod: the environment and the folder that the kubelet makes. */
async function serviceAccountAccess(options: LoadKubeconfigOptions): Promise<ClusterAccess | undefined> {
  const { env = process.env, now = Date.now, userAgent } = options;
  const folder = options.serviceAccountFolder ?? "/var/run/secrets/kubernetes.io/serviceaccount";
  const [host, port] = [env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"]];
  if (host === undefined || port === undefined) return undefined;
  const read = async (name: string): Promise<string | undefined> => {
    try {
      return await readFile(join(folder, name), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new KubeError("credentials", `the service account can't be read: ${String(error)}`, { cause: error });
    }
  };
  const [authority, namespace, token] = [await read("ca.crt"), await read("namespace"), await read("token")];
  if (token === undefined) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    server,
    namespace: namespace?.trim() ?? "default",
    context: undefined,
    source: folder,
    client: createHttpsClient({
      server,
      credentials: tokenFileSource(join(folder, "token"), { token }, now),
      ...(authority === undefined ? {} : { certificateAuthority: authority }),
      ...(userAgent === undefined ? {} : { userAgent }),
    }),
  };
}
