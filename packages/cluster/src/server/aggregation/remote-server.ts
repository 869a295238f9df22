import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { ApiRequest, ApiResponse, UserInfo } from "../../api/api-exchange.ts";
import { ApiError } from "../../apiserver/status.ts";
import type { Credentials } from "../tls/certificate.ts";
import { remoteDiscoveryBytesMax, remoteTimeoutMs } from "./limits.ts";
import type { ApiService } from "./api-service.ts";

export type ResolveService = (
  namespace: string,
  name: string,
  port: number,
) => { readonly host: string; readonly port: number } | undefined;

export interface RemoteServerOptions {
  readonly resolve: ResolveService;
  /** By which the other server knows that it may believe who we say is asking. */
  readonly frontProxy: Credentials;
}

/** Headers of one connection, and those in which only we may say who asks. */
const dropped = /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|authorization|x-remote-.*)$/;

/** Hands a request on and its answer back as it comes, so that watches work too. */
export async function askRemote(
  options: RemoteServerOptions,
  service: ApiService,
  { request, user }: { readonly request: ApiRequest; readonly user: UserInfo },
): Promise<ApiResponse> {
  const body = request.method === "GET" || request.method === "HEAD" ? undefined : await request.body();
  const query = request.query.size === 0 ? "" : `?${request.query}`;
  const headers: Record<string, string | string[]> = { ...userHeaders(user) };
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined && !dropped.test(name)) headers[name] = value;
  const answer = await send(options, service, {
    method: request.method,
    path: request.path + query,
    headers,
    body,
    signal: request.signal,
  });
  const answerHeaders = Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      value === undefined || dropped.test(name) ? [] : [[name, value]],
    ),
  );
  return { kind: "stream", status: answer.statusCode ?? 502, headers: answerHeaders, chunks: answer };
}

/** The resources that the other server has in its version; throws with the reason why it can't be asked. */
export async function discoverRemote(
  options: RemoteServerOptions,
  service: ApiService,
): Promise<readonly (Readonly<Record<string, unknown>> & { readonly name: string })[]> {
  const { group = "", version = "" } = service.spec;
  const answer = await send(options, service, {
    method: "GET",
    path: `/apis/${group}/${version}`,
    headers: {
      accept: "application/json",
      ...userHeaders({ name: "system:kube-aggregator", groups: ["system:masters"] }),
    },
    body: undefined,
    signal: AbortSignal.timeout(remoteTimeoutMs),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > remoteDiscoveryBytesMax)
      throw new Error(`its discovery is longer than ${remoteDiscoveryBytesMax} bytes`);
    chunks.push(chunk);
  }
  if (answer.statusCode !== 200) throw new Error(`bad status from /apis/${group}/${version}: ${answer.statusCode}`);
  const list = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { resources?: { readonly name: string }[] };
  return list.resources ?? [];
}

function userHeaders({ name, uid, groups, extra = {} }: UserInfo): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { "x-remote-user": name, "x-remote-group": [...groups] };
  if (uid !== undefined) headers["x-remote-uid"] = uid;
  for (const [key, values] of Object.entries(extra)) headers[`x-remote-extra-${encodeURIComponent(key)}`] = [...values];
  return headers;
}

interface Onward {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
}

function send(
  { resolve: find, frontProxy }: RemoteServerOptions,
  { spec }: ApiService,
  { method, path, headers, body, signal }: Onward,
): Promise<IncomingMessage> {
  const { namespace = "", name = "", port = 443 } = spec.service ?? {};
  const target = find(namespace, name, port);
  if (!target) throw new ApiError(503, "ServiceUnavailable", "service unavailable");
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        ...target,
        method,
        path,
        headers: { ...headers, ...(body ? { "content-length": body.length } : {}) },
        cert: frontProxy.certificate,
        key: frontProxy.key,
        servername: `${name}.${namespace}.svc`,
        ...(spec.insecureSkipTLSVerify === true ? { rejectUnauthorized: false } : {}),
        ...(spec.caBundle ? { ca: Buffer.from(spec.caBundle, "base64") } : {}),
        signal,
        agent: false,
      },
      resolve,
    );
    outgoing.on("error", (error) =>
      reject(new ApiError(503, "ServiceUnavailable", `error trying to reach service: ${error.message}`)),
    );
    outgoing.end(body);
  });
}
