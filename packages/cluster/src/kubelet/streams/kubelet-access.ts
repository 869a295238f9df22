import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { KubeClient } from "@fairway/kube-client";
import { accessKeptMs, accessesMax } from "../limits.ts";

/** Whether a caller of the kubelet's HTTPS endpoint may have what it asks for. */
export type KubeletAccess = (request: IncomingMessage) => Promise<"allowed" | "unauthenticated" | "forbidden">;

export interface KubeletAccessOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  /** Without an authority certificates count for nothing. */
  readonly hasClientCa: boolean;
  readonly allowAnonymous: boolean;
  readonly now: () => number;
}

interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * As the kubelet does it: who calls is in a client certificate of the cluster's authority, or behind a token that the API server knows; what
 * the caller may do on this node, the API server decides. Answers to tokens are kept for a short time.
 */
export function createKubeletAccess(options: KubeletAccessOptions): KubeletAccess {
  const known = new Map<string, { readonly at: number; readonly answer: Awaited<ReturnType<KubeletAccess>> }>();
  const decide = async (caller: Caller | undefined, request: IncomingMessage): ReturnType<KubeletAccess> => {
    if (caller === undefined) return "unauthenticated";
    if (caller.groups.includes("system:masters")) return "allowed";
    return (await mayUse(caller, request, options)) ? "allowed" : "forbidden";
  };
  return async (request) => {
    if (options.allowAnonymous) return "allowed";
    const token = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? "")?.[1];
    const shown = options.hasClientCa ? callerOfCertificate(request) : undefined;
    if (shown !== undefined || token === undefined) return decide(shown, request);
    const key = `${request.method ?? ""} ${resourceOf(request)} ${token}`;
    const kept = known.get(key);
    if (kept !== undefined && options.now() - kept.at < accessKeptMs) return kept.answer;
    const answer = await decide(await callerOfToken(token, options.client), request);
    if (known.size >= accessesMax) known.clear();
    known.set(key, { at: options.now(), answer });
    return answer;
  };
}

function callerOfCertificate(request: IncomingMessage): Caller | undefined {
  // A server of HTTPS hands out sockets of TLS.
  const socket = request.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const { CN = "", O = [] } = socket.getPeerCertificate().subject;
  return { username: [CN].flat().join(","), groups: [O].flat() };
}

async function callerOfToken(token: string, client: KubeClient): Promise<Caller | undefined> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
  const answer = await client.request({ method: "POST", path: "/apis/authentication.k8s.io/v1/tokenreviews", body });
  if (answer.status >= 300) return undefined;
  // A review of the API server's.
  const { status } = answer.body as { status?: { authenticated?: boolean; user?: Partial<Caller> } };
  if (status?.authenticated !== true) return undefined;
  return { username: status.user?.username ?? "", groups: status.user?.groups ?? [] };
}

async function mayUse(caller: Caller, request: IncomingMessage, options: KubeletAccessOptions): Promise<boolean> {
  const resourceAttributes = {
    verb: request.method === "GET" || request.method === "HEAD" ? "get" : "create",
    version: "v1",
    resource: "nodes",
    subresource: resourceOf(request),
    name: options.nodeName,
  };
  const spec = { user: caller.username, groups: caller.groups, resourceAttributes };
  const answer = await options.client.request({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec },
  });
  if (answer.status >= 300) return false;
  // A review of the API server's.
  return (answer.body as { status?: { allowed?: boolean } }).status?.allowed === true;
}

/** The part of a node that stands for a path of the kubelet's. */
function resourceOf(request: IncomingMessage): string {
  const root = (request.url ?? "/").split(/[/?]/u)[1] ?? "";
  if (root === "stats") return "stats";
  if (root === "metrics") return "metrics";
  return root === "containerLogs" || root === "logs" ? "log" : "proxy";
}
