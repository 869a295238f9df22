import { once } from "node:events";
import type { Server } from "node:http";
import type { KubeClient } from "@fairway/kube-client";
import { ClusterView } from "./cluster/cluster-view.ts";
import { ensureClass } from "./cluster/ingress-class.ts";
import { StatusWriter } from "./cluster/status-writer.ts";
import { IngressError } from "./ingress-error.ts";
import { answerMsMax } from "./limits.ts";
import { Proxy } from "./proxy/proxy-server.ts";
import { Certificates, withTls } from "./tls/certificates.ts";

export interface IngressOptions {
  readonly client: KubeClient;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Serves HTTPS too, with the certificates that the Ingresses name. */
  readonly tlsPort?: number;
  readonly log: (line: string) => void;
  /** How long a pod may take to begin its answer: a minute when left out. */
  readonly answerMs?: number;
  /** Ends it, as `close` does. */
  readonly signal?: AbortSignal;
}

export interface Ingress {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly tlsUrl: string | undefined;
  /** Lets requests under way finish. */
  readonly close: () => Promise<void>;
}

/** Leads requests to the pods of a cluster, as its Ingresses say. */
export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const { client, host, log, signal, tlsPort, answerMs = answerMsMax } = options;
  const stop = new AbortController();
  const changed = (): void => {
    certificates.touch();
    status.touch();
    if (tlsPort === undefined) tellPlain(view, told, log);
  };
  const told = new Set<string>();
  const view = new ClusterView({ client, log, signal: stop.signal, onIngressChange: changed });
  const ingresses = (): ReturnType<ClusterView["ingresses"]> => view.ingresses();
  const certificates = new Certificates({ ingresses, secret: (namespace, name) => view.secret(namespace, name), log });
  const status = new StatusWriter({ client, log, ingresses });
  const proxy = new Proxy({ view, log, answerMs });
  const closeAll = async (): Promise<void> => {
    await proxy.close();
    stop.abort();
    await Promise.all([view.close(), status.close()]);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll());
  signal?.addEventListener("abort", () => void close(), { once: true });
  try {
    const port = await listen(proxy.createServer(), host, options.port);
    const secure =
      tlsPort === undefined
        ? undefined
        : await listen(
            proxy.createServer((name) => certificates.find(name)),
            host,
            tlsPort,
          );
    await view.ready;
    const problem = await ensureClass(client, view.classes());
    if (problem !== undefined) log(problem);
    status.setAddress({ host, ports: secure === undefined ? [port] : [port, secure] });
    const shown = host.includes(":") ? `[${host}]` : host;
    return {
      url: `http://${shown}:${port}`,
      tlsUrl: secure === undefined ? undefined : `https://${shown}:${secure}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whoever wants TLS and does not get it hears of it, once. */
function tellPlain(view: ClusterView, told: Set<string>, log: (line: string) => void): void {
  for (const name of withTls(view.ingresses())) {
    if (told.has(name)) continue;
    told.add(name);
    log(`the Ingress ${name} asks for TLS, but only HTTP is served here`);
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
