import type { ApiResponse, UserInfo } from "../../api/api-exchange.ts";
import { handle } from "../../apiserver/walk.ts";
import { createInProcessClient } from "../../client/in-process-client.ts";
import type { KubeAnswer, KubeClient, KubeRequest } from "@fairway/kube-client";
import type { KubeObject } from "../../object/kube-object.ts";
import { composeWalk } from "../../server/compose-walk.ts";
import { clusterCredentials, type ClusterCredentials } from "../../server/tls/credentials.ts";
import { createMemoryStore } from "../../store/index.ts";

/** An API server without a socket and without controllers, with a namespace to play in. */
export interface InProcessServer {
  readonly credentials: ClusterCredentials;
  readonly as: (user: UserInfo) => Asker;
  readonly admin: Asker;
  /** As the administrator, with the answer as it goes to the socket. */
  readonly ask: (request: BareRequest) => Promise<ApiResponse>;
  readonly close: () => Promise<void>;
}

export interface BareRequest {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Asker {
  readonly create: (path: string, object: unknown) => Promise<Answer>;
  readonly patch: (path: string, change: unknown) => Promise<Answer>;
  readonly replace: (path: string, object: unknown) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
  readonly remove: (path: string) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly object: KubeObject;
  /** Of a Status. */
  readonly message: string;
}

export const namespace = "/api/v1/namespaces/shop";

export async function inProcessServer(): Promise<InProcessServer> {
  const store = await createMemoryStore();
  const credentials = await clusterCredentials({ folder: undefined, now: new Date(), hosts: ["127.0.0.1"] });
  const { walk, close } = composeWalk({
    store,
    credentials,
    now: () => new Date(),
    log: () => undefined,
    serviceCidr: "10.96.0.0/16",
    serverAddress: () => "127.0.0.1:6443",
    measuredBy: () => undefined,
    client: () => clientOf(administrator),
  });
  const clientOf = (user: UserInfo): KubeClient =>
    createInProcessClient({ handle: (request) => handle(walk, request), user, userAgent: "test" });
  const admin = asker(clientOf(administrator));
  await admin.create("/api/v1/namespaces", { metadata: { name: "shop" } });
  await admin.create(`${namespace}/serviceaccounts`, { metadata: { name: "default" } });
  return {
    credentials,
    admin,
    as: (user) => asker(clientOf(user)),
    ask: ({ method = "GET", path, query = "", headers = {}, body = "" }) =>
      handle(walk, {
        method,
        path,
        headers,
        query: new URLSearchParams(query),
        body: async () => Buffer.from(body),
        peer: { address: "127.0.0.1", certificate: undefined, trustedUser: administrator },
        signal: new AbortController().signal,
      }),
    close: async () => {
      await close();
      await store.close();
    },
  };
}

const administrator: UserInfo = { name: "admin", groups: ["system:masters", "system:authenticated"] };

function asker(client: KubeClient): Asker {
  const ask = async (request: KubeRequest): Promise<Answer> => answerOf(await client.request(request));
  return {
    create: (path, body) => ask({ method: "POST", path, body }),
    patch: (path, body) => ask({ method: "PATCH", path, body, contentType: "application/merge-patch+json" }),
    replace: (path, body) => ask({ method: "PUT", path, body }),
    get: (path) => ask({ method: "GET", path }),
    remove: (path) => ask({ method: "DELETE", path }),
  };
}

function answerOf({ status, body }: KubeAnswer): Answer {
  const { message = "" } = body as { message?: string };
  return { status, object: body as KubeObject, message };
}

/** A pod that nobody will start. */
export function pod(name: string, spec: Readonly<Record<string, unknown>> = {}): unknown {
  return { metadata: { name }, spec: { containers: [{ name: "c", image: "i" }], ...spec } };
}
