import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { ApiResponse } from "../../api/api-exchange.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { namespaceOf, type Call } from "../call.ts";
import { decodeObject, prefixOf } from "../object-store.ts";
import type { ServerContext, SubresourceHandler } from "../server-context.ts";
import { ApiError, badRequest } from "../status.ts";
import { admit } from "./admit.ts";
import { forward, isUpgrade, joined, onwardHeaders } from "./forward.ts";
import { kindNamed, readNamed } from "./kind-named.ts";
import { kubeletConnectMs } from "./limits.ts";
import { proxiedAnswer } from "./proxied-answer.ts";
import { splitPort } from "./pod-streams.ts";

interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

interface Pod extends KubeObject {
  spec: { readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[] };
  status?: { readonly podIP?: string };
}

/** `pods/proxy`: what a pod answers at its address. */
export const podProxy: SubresourceHandler = async (call, context) => {
  const [name, port, scheme] = splitPort(call.info.name);
  const pod = readNamed(context, "pods", { namespace: namespaceOf(call), name }) as Pod;
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort ?? 80;
  const host = pod.status?.podIP ?? "";
  if (host === "") throw badRequest("address not allowed");
  return proxied(context, call, { scheme, host, port: port === "" ? declared : Number(port) });
};

interface Service extends KubeObject {
  spec: { readonly ports?: readonly { readonly port: number; readonly name?: string }[] };
}

interface Slice extends KubeObject {
  ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
      }[]
    | null;
}

/** `services/proxy`: what one of the pods behind a service answers. */
export const serviceProxy: SubresourceHandler = async (call, context) => {
  const [name, wanted, scheme] = splitPort(call.info.name);
  const namespace = namespaceOf(call);
  const service = readNamed(context, "services", { namespace, name }) as Service;
  const portName = portNameOf(service, wanted);
  const kind = kindNamed(context, "endpointslices", "discovery.k8s.io");
  const targets = context.store
    .range({ prefix: prefixOf(kind, namespace) })
    .values.map((stored) => decodeObject(kind, stored) as Slice)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
    .flatMap(({ ports, endpoints }) => {
      const port = ports?.find((each) => (each.name ?? "") === portName)?.port;
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
      return port === undefined
        ? []
        : ready.flatMap(({ addresses }) => addresses.map((host) => ({ scheme, host, port })));
    });
  const target = targets[Math.floor(Math.random() * targets.length)];
  if (!target) throw unavailable(`no endpoints available for service ${JSON.stringify(call.info.name)}`);
  return proxied(context, call, target);
};

function portNameOf({ spec, metadata }: Service, wanted: string): string {
  if (!/^\d+$/.test(wanted)) return wanted;
  const port = spec.ports?.find((each) => each.port === Number(wanted));
  if (port) return port.name ?? "";
  throw unavailable(`no service port ${wanted} found for service ${JSON.stringify(metadata.name)}`);
}

function unavailable(message: string): ApiError {
  return new ApiError(503, "ServiceUnavailable", message);
}

async function proxied(context: ServerContext, call: Call, target: Target): Promise<ApiResponse> {
  const { info, request } = call;
  await admit(context, call, { operation: "CONNECT", object: undefined });
  const query = request.query.size === 0 ? "" : `?${request.query}`;
  const onward = {
    method: request.method,
    path: `/${info.rest}${query}`,
    host: `${target.host}:${target.port}`,
    headers: { ...onwardHeaders(call), "x-forwarded-for": request.peer.address, "x-forwarded-uri": request.path },
  };
  if (isUpgrade(call)) return joined(() => connected(target), call, onward);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && info.rest === "" && !request.path.endsWith("/")) {
    // A page's relative links need a place that they are relative to.
    return { kind: "whole", status: 301, headers: { location: `${request.path}/${query}` }, body: "" };
  }
  return proxiedAnswer(await forward(await connected(target), call, onward), {
    prefix: request.path.slice(0, request.path.length - `/${info.rest}`.length),
    podHost: onward.host,
    requestHost: request.headers["host"] ?? "",
  });
}

async function connected({ scheme, host, port }: Target): Promise<Duplex> {
  // Pods sign their own certificates; the API server does not know whose are good.
  const socket =
    scheme === "https" ? connectTls({ host, port, rejectUnauthorized: false }) : connectTcp({ host, port });
  socket.setTimeout(kubeletConnectMs, () => socket.destroy(new Error("i/o timeout")));
  try {
    await once(socket, scheme === "https" ? "secureConnect" : "connect");
    socket.setTimeout(0);
    return socket;
  } catch (error) {
    socket.destroy();
    const isRefused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
    const why = isRefused ? "connect: connection refused" : error instanceof Error ? error.message : String(error);
    throw unavailable(`error trying to reach service: dial tcp ${host}:${port}: ${why}`);
  }
}
