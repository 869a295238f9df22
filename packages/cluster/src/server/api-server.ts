import { createAuthenticator } from "../access/authenticator.ts";
import { createRbacAuthorizer } from "../access/rbac/authorizer.ts";
import { createServiceAccountTokens, type ServiceAccountTokens } from "../access/service-accounts/tokens.ts";
import { createAdmission } from "../admission/create-admission.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../api/api-exchange.ts";
import { followServices } from "../apiserver/allocations.ts";
import { decodeObject, readObject } from "../apiserver/object-store.ts";
import { createReviews } from "../apiserver/reviews/create-reviews.ts";
import type { ServerContext } from "../apiserver/server-context.ts";
import { createSubresources } from "../apiserver/subresources/create-subresources.ts";
import { kubeletConnections } from "../apiserver/subresources/kubelet-connections.ts";
import { handle, type Walk } from "../apiserver/walk.ts";
import { createInProcessClient } from "../client/in-process-client.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { createPaths, healthChecks, versionInfo } from "../discovery/index.ts";
import { createCustomKinds, type CustomKinds } from "../crd/index.ts";
import { builtInKinds, createKindRegistry, type KindRegistry } from "../kinds/index.ts";
import { createOpenApi } from "../openapi/index.ts";
import { schemaLibrary } from "../schema/index.ts";
import type { Store } from "../store/store.ts";
import { bootstrap } from "./bootstrap.ts";
import { flowSchemas } from "./flow-schemas.ts";
import { metricsApi, metricsGroup, type MetricsSource } from "./metrics-api.ts";
import { startHttpsServer } from "./https-server.ts";
import { storedRoles } from "./stored-roles.ts";
import type { ClusterCredentials } from "./tls/credentials.ts";

export interface ApiServerOptions {
  readonly store: Store;
  readonly credentials: ClusterCredentials;
  readonly host: string;
  readonly port: number;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  /** Speaks to it from within the process, as this user. */
  readonly clientOf: (user: UserInfo, userAgent: string) => KubeClient;
  /** From now on `metrics.k8s.io` is served, from what the kubelet measures. */
  readonly measureWith: (source: MetricsSource) => void;
  readonly close: () => Promise<void>;
}

const serviceAddress = "10.96.0.1";
const serviceCidr = "10.96.0.0/16";
const issuer = "https://kubernetes.default.svc.cluster.local";

/** Puts the walk together with all that stands beside it, listens, and makes what every cluster begins with. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { credentials, host, log } = options;
  const { walk, close } = composeWalk(
    options,
    () => `${host}:${server.port}`,
    () => source,
  );
  let source: MetricsSource | undefined;
  const answer = (request: ApiRequest): Promise<ApiResponse> => handle(walk, request);
  const clientOf: ApiServer["clientOf"] = (user, userAgent) =>
    createInProcessClient({ handle: answer, user, userAgent });
  const authority = credentials.authority.certificate;
  const server = await startHttpsServer({
    host,
    port: options.port,
    authority,
    credentials: credentials.server,
    handle: answer,
    log,
  });
  await bootstrap({
    client: clientOf({ name: "system:apiserver", groups: ["system:masters"] }, "kube-apiserver"),
    kinds: walk.context.kinds,
    serviceAddress,
    serviceCidr,
    port: server.port,
    authority,
  });
  return {
    url: `https://${host}:${server.port}`,
    port: server.port,
    clientOf,
    measureWith: (measuring) => (source = measuring),
    close: async () => {
      await server.close();
      await close();
    },
  };
}

/** Where a part of the API server is added: everything that answers has its place here. */
function composeWalk(
  { store, credentials, now, log }: ApiServerOptions,
  serverAddress: () => string,
  measuredBy: () => MetricsSource | undefined,
): { readonly walk: Walk; readonly close: () => Promise<void> } {
  const kinds = createKindRegistry(builtInKinds);
  const customKinds = followDefinitions({ store, now, log }, kinds);
  const roles = storedRoles(store, kinds);
  const flow = flowSchemas(store, kinds);
  const metrics = metricsApi(measuredBy);
  const allocations = followServices({ store, kinds, block: serviceCidr, now });
  const rbac = createRbacAuthorizer(roles);
  const tokens = tokensOf({ store, credentials, now }, kinds);
  const audiences = [issuer];
  const context: ServerContext = {
    store,
    kinds,
    library: schemaLibrary,
    admission: createAdmission({ store, kinds, library: schemaLibrary, rbac, now }),
    now,
    allocations,
    subresources: createSubresources({
      kubelets: kubeletConnections({
        ...credentials.kubeletClient,
        authority: credentials.authority.certificate,
      }),
      authorize: rbac.authorize,
      tokens,
      audiences,
    }),
    reviews: createReviews({ rbac, tokens, audiences, known: () => undefined }),
    elsewhere: (group) => (group === metricsGroup && metrics.served().length > 0 ? metrics.answer : undefined),
  };
  const walk: Walk = {
    context,
    authenticate: createAuthenticator({ tokens: new Map(), serviceAccounts: tokens }),
    authorize: rbac.authorize,
    paths: createPaths({
      kinds,
      serverAddress,
      version: versionInfo({
        version: `node${process.versions.node}`,
        platform: `${process.platform}/${process.arch}`,
      }),
      checks: healthChecks({ store }),
      tokens,
      remote: metrics.served,
      pages: new Map(),
      openApi: createOpenApi({ kinds, library: schemaLibrary, now }),
    }),
    flowHeaders: flow.headersFor,
    onDefect: (error, request) => log(`${request.method} ${request.path}: ${describe(error)}`),
  };
  const close = async (): Promise<void> => {
    for (const each of [roles, flow, allocations]) each.close();
    await customKinds.close();
  };
  return { walk, close };
}

function followDefinitions(
  { store, now, log }: Pick<ApiServerOptions, "store" | "now" | "log">,
  registry: KindRegistry,
): CustomKinds {
  return createCustomKinds({ store, registry, now, onDefect: (error) => log(`custom kinds: ${describe(error)}`) });
}

function tokensOf(
  { store, credentials, now }: Pick<ApiServerOptions, "store" | "credentials" | "now">,
  kinds: KindRegistry,
): ServiceAccountTokens {
  return createServiceAccountTokens({
    issuer,
    audiences: [issuer],
    privateKey: credentials.tokenKey,
    now,
    lookUp: (resource, namespace, name) => {
      const kind = kinds.byResource("", "v1", resource);
      const stored = kind && readObject(store, kind, { namespace, name });
      return stored && decodeObject(kind, stored);
    },
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
