import { createAuthenticator } from "../access/authenticator.ts";
import { createRbacAuthorizer } from "../access/rbac/authorizer.ts";
import { createServiceAccountTokens } from "../access/service-accounts/tokens.ts";
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
import { builtInKinds, createKindRegistry } from "../kinds/index.ts";
import { schemaLibrary } from "../schema/index.ts";
import type { Store } from "../store/store.ts";
import { bootstrap } from "./bootstrap.ts";
import { flowSchemas } from "./flow-schemas.ts";
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
  readonly close: () => Promise<void>;
}

const serviceAddress = "10.96.0.1";
const serviceCidr = "10.96.0.0/16";
const issuer = "https://kubernetes.default.svc.cluster.local";

/** Puts the walk together with all that stands beside it, and listens. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, credentials, now, log } = options;
  const kinds = createKindRegistry(builtInKinds);
  const roles = storedRoles(store, kinds);
  const flow = flowSchemas(store, kinds);
  const rbac = createRbacAuthorizer(roles);
  const serviceAccounts = createServiceAccountTokens({
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
  const allocations = followServices({ store, kinds, block: serviceCidr, now });
  const context: ServerContext = {
    store,
    allocations,
    kinds,
    library: schemaLibrary,
    admission: createAdmission({ store, kinds, library: schemaLibrary, rbac, now }),
    now,
    subresources: createSubresources({
      tokens: serviceAccounts,
      audiences: [issuer],
      authorize: rbac.authorize,
      kubelets: kubeletConnections({ ...credentials.kubeletClient, authority: credentials.authority.certificate }),
    }),
    reviews: createReviews({ rbac, tokens: serviceAccounts, known: () => undefined, audiences: [issuer] }),
    elsewhere: () => undefined,
  };
  const walk: Walk = {
    context,
    authenticate: createAuthenticator({ tokens: new Map(), serviceAccounts }),
    authorize: rbac.authorize,
    paths: async () => undefined,
    flowHeaders: flow.headersFor,
    onDefect: (error, request) => log(`${request.method} ${request.path}: ${describe(error)}`),
  };
  const answer = (request: ApiRequest): Promise<ApiResponse> => handle(walk, request);
  const clientOf: ApiServer["clientOf"] = (user, userAgent) =>
    createInProcessClient({ handle: answer, user, userAgent });
  const server = await startHttpsServer({
    host: options.host,
    port: options.port,
    authority: credentials.authority.certificate,
    credentials: credentials.server,
    handle: answer,
    log,
  });
  await bootstrap({
    client: clientOf({ name: "system:apiserver", groups: ["system:masters"] }, "kube-apiserver"),
    kinds,
    serviceAddress,
    serviceCidr,
    port: server.port,
    authority: credentials.authority.certificate,
  });
  return {
    url: `https://${options.host}:${server.port}`,
    port: server.port,
    clientOf,
    close: async () => {
      await server.close();
      allocations.close();
      roles.close();
      flow.close();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
