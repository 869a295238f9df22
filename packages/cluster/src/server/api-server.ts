import type { Audit } from "../access/audit/audit-trail.ts";
import type { ServiceAccountTokens } from "../access/service-accounts/tokens.ts";
import type { KnownTypes } from "../admission/policies/check-types.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../api/api-exchange.ts";
import { handle } from "../apiserver/walk.ts";
import { createInProcessClient } from "../client/in-process-client.ts";
import type { KubeClient } from "@fairway/kube-client";
import type { Store } from "../store/store.ts";
import { bootstrap } from "./bootstrap.ts";
import { composeWalk } from "./compose-walk.ts";
import { startHttpsServer } from "./https-server.ts";
import type { MetricsSource } from "./metrics-api.ts";
import type { ClusterCredentials } from "./tls/credentials.ts";

export interface ApiServerOptions {
  readonly store: Store;
  readonly credentials: ClusterCredentials;
  readonly host: string;
  readonly port: number;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  readonly audit?: Audit | undefined;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  /** Speaks to it from within the process, as this user. */
  readonly clientOf: (user: UserInfo, userAgent: string) => KubeClient;
  /** From now on `metrics.k8s.io` is served, from what the kubelet measures. */
  readonly measureWith: (source: MetricsSource) => void;
  /** For controllers: tokens that live in secrets. */
  readonly tokens: Pick<ServiceAccountTokens, "issueForSecret">;
  /** For controllers: the shapes of all kinds. */
  readonly types: KnownTypes;
  readonly close: () => Promise<void>;
}

const serviceAddress = "10.96.0.1";
const serviceCidr = "10.96.0.0/16";
const itself: UserInfo = { name: "system:apiserver", groups: ["system:masters"] };

/** Listens, and makes what every cluster begins with. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { credentials, host, log } = options;
  let source: MetricsSource | undefined;
  const clientOf: ApiServer["clientOf"] = (user, userAgent) =>
    createInProcessClient({ handle: answer, user, userAgent });
  const { walk, tokens, close } = composeWalk({
    ...options,
    serviceCidr,
    serverAddress: () => `${host}:${server.port}`,
    measuredBy: () => source,
    client: () => clientOf(itself, "kube-apiserver"),
  });
  const answer = (request: ApiRequest): Promise<ApiResponse> => handle(walk, request);
  const authority = credentials.authority.certificate;
  const server = await startHttpsServer({
    host,
    port: options.port,
    authority,
    credentials: credentials.server,
    handle: answer,
    log,
  });
  const end = async (): Promise<void> => {
    await server.close();
    await close();
  };
  await bootstrap({
    client: clientOf(itself, "kube-apiserver"),
    kinds: walk.context.kinds,
    serviceAddress,
    serviceCidr,
    port: server.port,
    authority,
    frontProxyAuthority: credentials.frontProxy.authority.certificate,
  }).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    url: `https://${host}:${server.port}`,
    port: server.port,
    clientOf,
    tokens,
    types: walk.context,
    measureWith: (measuring) => (source = measuring),
    close: end,
  };
}
