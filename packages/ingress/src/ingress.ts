import { once } from "node:events";
import type { Server } from "node:http";
import type { KubeClient } from "@fairway/kube-client";
import { ClusterView } from "./cluster/cluster-view.ts";
import { ensureClass } from "./cluster/ingress-class.ts";
import { IngressError } from "./ingress-error.ts";
import { Proxy } from "./proxy/proxy-server.ts";

export interface IngressOptions {
  readonly client: KubeClient;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly log: (line: string) => void;
  /** Ends it, as `close` does. */
  readonly signal?: AbortSignal;
}

export interface Ingress {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Lets requests under way finish. */
  readonly close: () => Promise<void>;
}

/** Leads requests to the pods of a cluster, as its Ingresses say. */
export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const { client, host, log, signal } = options;
  const stop = new AbortController();
  const view = new ClusterView({ client, log, signal: stop.signal, onIngressChange: () => undefined });
  const proxy = new Proxy({ view, log });
  const closeAll = async (): Promise<void> => {
    await proxy.close();
    stop.abort();
    await view.close();
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll());
  signal?.addEventListener("abort", () => void close(), { once: true });
  try {
    const server = proxy.createServer();
    const port = await listen(server, host, options.port);
    await view.ready;
    const problem = await ensureClass(client, view.classes());
    if (problem !== undefined) log(problem);
    return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      const text = `port ${port} of ${host} is taken: end what listens there, or choose another port`;
      throw new IngressError("address-in-use", text, { cause: error });
    }
    throw new IngressError("not-allowed", `cannot listen on ${host}:${port}: ${String(error)}`, { cause: error });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
