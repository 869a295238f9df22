import type { Audit } from "../access/audit/audit-trail.ts";
import { createAuthenticator } from "../access/authenticator.ts";
import { createRbacAuthorizer } from "../access/rbac/authorizer.ts";
import { createServiceAccountTokens, type ServiceAccountTokens } from "../access/service-accounts/tokens.ts";
import { createAdmission } from "../admission/create-admission.ts";
import { followServices } from "../apiserver/allocations.ts";
import { decodeObject, readObject } from "../apiserver/object-store.ts";
import { createReviews } from "../apiserver/reviews/create-reviews.ts";
import type { ServerContext } from "../apiserver/server-context.ts";
import { createSubresources } from "../apiserver/subresources/create-subresources.ts";
import { kubeletConnections } from "../apiserver/subresources/kubelet-connections.ts";
import type { Walk } from "../apiserver/walk.ts";
import type { KubeClient } from "@fairway/kube-client";
import { createCustomKinds, serviceEndpoints } from "../crd/index.ts";
import {
  createPaths,
  createRequestMetrics,
  healthChecks,
  metricsPages,
  versionInfo,
  type RemoteVersion,
} from "../discovery/index.ts";
import { builtInKinds, createKindRegistry, type KindRegistry } from "../kinds/index.ts";
import { createOpenApi } from "../openapi/index.ts";
import { schemaLibrary } from "../schema/index.ts";
import type { Store } from "../store/store.ts";
import { aggregation } from "./aggregation/aggregation.ts";
import { flowSchemas } from "./flow-schemas.ts";
import { metricsApi, metricsGroup, type MetricsSource } from "./metrics-api.ts";
import { storedRoles } from "./stored-roles.ts";
import type { ClusterCredentials } from "./tls/credentials.ts";

export interface WalkOptions {
  readonly store: Store;
  readonly credentials: ClusterCredentials;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  readonly audit?: Audit | undefined;
  readonly serviceCidr: string;
  /** Known when the server listens. */
  readonly serverAddress: () => string;
  /** Known when a node runs. */
  readonly measuredBy: () => MetricsSource | undefined;
  /** Speaks to this very server. */
  readonly client: () => KubeClient;
}

export interface ComposedWalk {
  readonly walk: Walk;
  readonly tokens: ServiceAccountTokens;
  readonly close: () => Promise<void>;
}

const issuer = "https://kubernetes.default.svc.cluster.local";
const audiences = [issuer];

/** Where a part of the API server is added: everything that answers has its place here. */
export function composeWalk(options: WalkOptions): ComposedWalk {
  const { store, credentials, now, log } = options;
  const kinds = createKindRegistry(builtInKinds);
  const onDefect = (error: unknown): void => log(`custom kinds: ${describe(error)}`);
  const customKinds = createCustomKinds({ store, registry: kinds, now, onDefect });
  const roles = storedRoles(store, kinds);
  const rbac = createRbacAuthorizer(roles);
  const flow = flowSchemas({ ...options, kinds });
  const allocations = followServices({ store, kinds, block: options.serviceCidr, now });
  const tokens = tokensOf(options, kinds);
  const others = otherServers(options, kinds);
  const context: ServerContext = {
    store,
    kinds,
    library: schemaLibrary,
    admission: createAdmission({ store, kinds, library: schemaLibrary, rbac, now, log }),
    now,
    allocations,
    subresources: createSubresources({
      kubelets: kubeletConnections({ ...credentials.kubeletClient, authority: credentials.authority.certificate }),
      authorize: rbac.authorize,
      tokens,
      audiences,
    }),
    reviews: createReviews({ rbac, tokens, audiences, known: () => undefined }),
    elsewhere: others.elsewhere,
  };
  const [version, checks] = [versionInfo(runtime), healthChecks({ store })];
  const requests = createRequestMetrics(() => performance.now());
  const walk: Walk = {
    context,
    authenticate: createAuthenticator({ tokens: new Map(), serviceAccounts: tokens }),
    authorize: rbac.authorize,
    paths: createPaths({
      kinds,
      serverAddress: options.serverAddress,
      version,
      checks,
      tokens,
      remote: others.served,
      pages: metricsPages({ store, kinds, requests, checks, version }),
      openApi: createOpenApi({ kinds, library: schemaLibrary, now }),
    }),
    flowHeaders: flow.headersFor,
    audit: options.audit,
    measured: requests.measured,
    onDefect: (error, request) => log(`${request.method} ${request.path}: ${describe(error)}`),
  };
  const close = async (): Promise<void> => {
    for (const each of [roles, flow, allocations, others]) each.close();
    await customKinds.close();
  };
  return { walk, tokens, close };
}

const runtime = { version: `node${process.versions.node}`, platform: `${process.platform}/${process.arch}` };

interface OtherServers extends Pick<ServerContext, "elsewhere"> {
  readonly served: () => readonly RemoteVersion[];
  readonly close: () => void;
}

/** Groups that this server hands on: to servers behind services, and to the kubelet for what is measured, unless a service measures. */
function otherServers({ store, credentials, now, client, measuredBy }: WalkOptions, kinds: KindRegistry): OtherServers {
  const metrics = metricsApi(measuredBy);
  const behindServices = aggregation({
    store,
    kinds,
    now,
    client,
    resolve: serviceEndpoints(store),
    frontProxy: credentials.frontProxy.client,
  });
  let known: readonly (readonly RemoteVersion[])[] = [];
  let all: readonly RemoteVersion[] = [];
  return {
    elsewhere: (group, version) =>
      behindServices.elsewhere(group, version) ??
      (group === metricsGroup && metrics.served().length > 0 ? metrics.answer : undefined),
    // The same list as long as nothing has changed: documents are made of it.
    served: () => {
      const parts = [behindServices.served(), metrics.served()];
      if (parts.some((part, index) => part !== known[index])) {
        known = parts;
        const [remote = [], own = []] = parts;
        all = [...remote, ...own.filter(({ group }) => !remote.some((each) => each.group === group))];
      }
      return all;
    },
    close: behindServices.close,
  };
}

function tokensOf({ store, credentials, now }: WalkOptions, kinds: KindRegistry): ServiceAccountTokens {
  return createServiceAccountTokens({
    issuer,
    audiences,
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
