import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import type { HttpsClient } from "../https-client.ts";
import { KubeError, requireSuccess } from "../kube-error.ts";
import { forwardedConnectionsMax } from "../limits.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { resourcePath } from "../objects/resource-kind.ts";
import { listPages } from "../watch/list-pages.ts";
import { openChannel } from "./port-channel.ts";

export interface ForwardOptions {
  readonly namespace: string;
  /** One of these two: one pod, or for each connection a ready one of those with the labels. */
  readonly pod?: string;
  readonly selector?: string;
  /** Of the pod. */
  readonly port: number;
  /** 0 or left out: any free one. */
  readonly localPort?: number;
  readonly localHost?: string;
  readonly signal?: AbortSignal;
  /** Told why a connection ended that should not have. */
  readonly onTrouble?: (error: unknown) => void;
}

export interface ForwardedPort {
  readonly host: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

const pods = { group: "", version: "v1", plural: "pods" };

/** A port of this machine that leads to one of a pod. Each connection is a WebSocket, so that many don't wait for one another. */
export async function forwardPort(client: HttpsClient, options: ForwardOptions): Promise<ForwardedPort> {
  const { localHost: host = "127.0.0.1", localPort = 0, signal, onTrouble } = options;
  await choosePod(client, options);
  const stop = new AbortController();
  const open = new Set<Socket>();
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    if (open.size >= forwardedConnectionsMax) return void socket.destroy();
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    void choosePod(client, options)
      .then((pod) => openChannel(client, { ...options, pod, socket, signal: stop.signal }))
      .catch((error: unknown) => {
        socket.destroy();
        if (!stop.signal.aborted) onTrouble?.(error);
      });
  });
  listener.listen(localPort, host);
  try {
    await once(listener, "listening", signal === undefined ? {} : { signal });
  } catch (error) {
    listener.close();
    throw new KubeError("unreachable", `cannot listen on ${host}:${localPort}: ${String(error)}`, { cause: error });
  }
  const closed = once(listener, "close");
  const close = async (): Promise<void> => {
    stop.abort();
    listener.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  signal?.addEventListener("abort", () => void close(), { once: true });
  const address = listener.address();
  return { host, port: typeof address === "object" && address !== null ? address.port : localPort, close };
}

async function choosePod(client: HttpsClient, { namespace, pod, selector }: ForwardOptions): Promise<string> {
  if (pod !== undefined) {
    const request = { method: "GET", path: resourcePath(pods, { namespace, name: pod }) } as const;
    requireSuccess(request, await client.request(request));
    return pod;
  }
  if (selector === undefined)
    throw new KubeError("invalid", "a port is forwarded to a pod or to one of a selector: give one");
  const { objects } = await listPages(client, resourcePath(pods, { namespace }), {
    query: { labelSelector: selector },
  });
  const ready = objects.filter(isReady);
  const chosen = ready[Math.floor(Math.random() * ready.length)]?.metadata.name;
  if (chosen !== undefined) return chosen;
  throw new KubeError(
    "not-found",
    `of the ${objects.length} pods in ${namespace} with the labels ${selector} none is ready`,
  );
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod["status"] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return (
    pod.metadata.deletionTimestamp === undefined &&
    conditions.some(({ type, status }) => type === "Ready" && status === "True")
  );
}
