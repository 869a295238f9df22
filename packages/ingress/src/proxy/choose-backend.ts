import type { IncomingMessage } from "node:http";
import type { Endpoint } from "../backends/find-endpoints.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import { listedHostsMax, targetCharactersMax } from "../limits.ts";
import { hostOf } from "../routes/host-match.ts";
import { pathOfTarget } from "../routes/path-match.ts";
import type { RouteTarget } from "../routes/route-table.ts";
import type { Refusal } from "./refusal.ts";

/** Where a request goes: asked for again before each attempt, because pods come and go meanwhile. */
export interface Backend {
  /** `shop-dev/orders` */
  readonly service: string;
  readonly endpoints: () => readonly Endpoint[] | Refusal;
  /** As the pod is told: the host and the target of the request. */
  readonly host: string;
  readonly target: string;
}

export function chooseBackend(request: IncomingMessage, view: ClusterView): Backend | Refusal {
  const asked = readTarget(request);
  if ("status" in asked) return asked;
  const path = pathOfTarget(asked.target);
  const route = view.routes.find(hostOf(asked.host), path);
  if (route === undefined) return noRoute(request, asked.host, path, view);
  const { backend, namespace } = route;
  if (backend.service?.port === undefined) return noService(route);
  const { name, port } = backend.service;
  const service = `${namespace}/${name}`;
  return {
    ...asked,
    service,
    endpoints: () => {
      const found = view.endpoints(namespace, name, port);
      const says = `the Ingress ${route.ingress} leads to the service ${service}`;
      switch (found.kind) {
        case "found":
          return found.endpoints;
        case "no-service":
          return { status: 503, text: `${says}, which is not there` };
        case "no-port": {
          const ports = found.ports.join(", ") || "none";
          return { status: 503, text: `${says}, port ${port.name ?? port.number ?? ""}, but its ports are ${ports}` };
        }
        case "none-ready":
          return { status: 503, text: `${says}, which has no ready pod (pods that are not ready: ${found.pods})` };
      }
    },
  };
}

function noService({ ingress, backend }: RouteTarget): Refusal {
  const { resource } = backend;
  const what = resource === undefined ? "nothing" : `${resource.kind} ${resource.name}`;
  return { status: 503, text: `the Ingress ${ingress} leads to ${what}: only ports of services can be led to` };
}

/** Host and target; a proxy may be asked with the whole address as target, which counts then. */
function readTarget(request: IncomingMessage): { readonly host: string; readonly target: string } | Refusal {
  const { url = "/", headers, rawHeaders } = request;
  if (url.length > targetCharactersMax) {
    return { status: 414, text: `the address has more than ${targetCharactersMax} characters` };
  }
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === "host") hosts += 1;
  if (hosts > 1) return { status: 400, text: "the request has more than one Host header" };
  const { host = "" } = headers;
  if (url.startsWith("/")) return { host, target: url };
  if (url === "*") return { host, target: "*" };
  const whole = URL.parse(url);
  if (whole === null || !/^https?:$/u.test(whole.protocol)) {
    return { status: 400, text: "the request names neither a path nor an address" };
  }
  return { host: whole.host, target: `${whole.pathname}${whole.search}` };
}

function noRoute(request: IncomingMessage, host: string, path: string, view: ClusterView): Refusal {
  const { hosts } = view.routes;
  const text = `no Ingress has a rule for the host ${JSON.stringify(host)} and the path ${JSON.stringify(path)}`;
  // Whoever comes from afar is not told what else there is.
  if (!isLoopback(request.socket.remoteAddress)) return { status: 404, text };
  const listed = hosts.length === 0 ? "none" : hosts.slice(0, listedHostsMax).join(", ");
  return { status: 404, text: `${text}\nhosts with rules: ${listed}` };
}

function isLoopback(address = ""): boolean {
  return address === "::1" || address.replace("::ffff:", "").startsWith("127.");
}
