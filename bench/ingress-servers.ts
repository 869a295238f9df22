// The processes of bench/ingress.ts: a pod, and an API server with the ingress in front of such pods.
import { createServer } from "node:http";
import { startCluster } from "@fairway/cluster";
import { startIngress } from "@fairway/ingress";
import type { KubeRequest } from "@fairway/kube-client";

const page = Buffer.alloc(1024, "a");

function servePod(): void {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/plain", "content-length": page.length }).end(page);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 });
  });
}

async function serveIngress(podPorts: readonly number[]): Promise<void> {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  const send = async (method: KubeRequest["method"], path: string, body: unknown): Promise<void> => {
    const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
    const answer = await cluster.client.request({ method, path, body, ...contentType });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  };
  const core = "/api/v1/namespaces/default";
  const ingress = await startIngress({ client: cluster.client, host: "127.0.0.1", port: 0, log: console.error });
  await send("POST", `${core}/serviceaccounts`, { metadata: { name: "default" } });
  await send("POST", `${core}/services`, {
    metadata: { name: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
  });
  for (const port of podPorts) {
    const spec = { containers: [{ name: "main", image: "bench", ports: [{ name: "http", containerPort: port }] }] };
    await send("POST", `${core}/pods`, { metadata: { name: `web-${port}`, labels: { app: "web" } }, spec });
    const conditions = [{ type: "Ready", status: "True" }];
    await send("PATCH", `${core}/pods/web-${port}/status`, {
      status: { phase: "Running", podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }], conditions },
    });
  }
  const backend = { service: { name: "web", port: { number: 80 } } };
  await send("POST", "/apis/networking.k8s.io/v1/namespaces/default/ingresses", {
    metadata: { name: "web" },
    spec: { rules: [{ host: "bench.test", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
  });
  process.send?.({ port: Number(new URL(ingress.url).port) });
}

if (process.argv[2] === "pod") servePod();
else await serveIngress(process.argv.slice(3).map(Number));
process.on("disconnect", () => process.exit());
