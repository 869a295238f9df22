import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import type { KubeRequest } from "@fairway/kube-client";
import { startIngress } from "../ingress.ts";
import type { Ingress, IngressOptions } from "../ingress.ts";

/** An API server, an ingress, and servers that stand for pods: each at a port of its own that the pod calls `http`. */
export interface Shop {
  readonly cluster: Cluster;
  readonly ingress: Ingress;
  readonly log: readonly string[];
  readonly send: (method: KubeRequest["method"], path: string, body?: unknown) => Promise<Record<string, unknown>>;
  readonly addService: (name: string) => Promise<void>;
  readonly addPod: (service: string, name: string, listener: RequestListener) => Promise<TestPod>;
  readonly addIngress: (name: string, spec: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TestPod {
  readonly server: Server;
  readonly port: number;
  readonly setReady: (isReady: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const core = "/api/v1/namespaces/default";

export async function startShop(more: Partial<IngressOptions> = {}): Promise<Shop> {
  const log: string[] = [];
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  const send: Shop["send"] = async (method, path, body) => {
    const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
    const answer = await cluster.client.request({
      method,
      path,
      ...contentType,
      ...(body === undefined ? {} : { body }),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, unknown>;
  };
  await send("POST", `${core}/serviceaccounts`, { metadata: { name: "default" } });
  const ingress = await startIngress({
    client: cluster.client,
    host: "127.0.0.1",
    port: 0,
    log: (line) => log.push(line),
    ...more,
  });
  const servers: Server[] = [];
  return {
    cluster,
    ingress,
    log,
    send,
    addService: async (name) => {
      const spec = { selector: { app: name }, ports: [{ name: "web", port: 80, targetPort: "http" }] };
      await send("POST", `${core}/services`, { metadata: { name }, spec });
    },
    addPod: async (service, name, listener) => {
      const pod = await startPod(send, { service, name, listener });
      servers.push(pod.server);
      return pod;
    },
    addIngress: async (name, spec) => {
      const path = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
      await send("POST", path, { metadata: { name }, spec });
    },
    close: async () => {
      await ingress.close();
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await cluster.close();
    },
  };
}

async function startPod(
  send: Shop["send"],
  { service, name, listener }: { service: string; name: string; listener: RequestListener },
): Promise<TestPod> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const spec = { containers: [{ name: "main", image: "test", ports: [{ name: "http", containerPort: port }] }] };
  await send("POST", `${core}/pods`, { metadata: { name, labels: { app: service } }, spec });
  const setReady = async (isReady: boolean): Promise<void> => {
    const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
    await send("PATCH", `${core}/pods/${name}/status`, {
      status: { phase: "Running", podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }], conditions },
    });
  };
  await setReady(true);
  return {
    server,
    port,
    setReady,
    remove: async () => {
      await send("DELETE", `${core}/pods/${name}`, { gracePeriodSeconds: 0 });
    },
  };
}

/** The rules of an Ingress: path to service. */
export function rules(host: string | undefined, paths: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    ...(host === undefined ? {} : { host }),
    http: {
      paths: Object.entries(paths).map(([path, name]) => ({
        path,
        pathType: "Prefix",
        backend: { service: { name, port: { name: "web" } } },
      })),
    },
  };
}
