import type { KubeObject } from "../../object/kube-object.ts";
import type { Endpoint, ServicePort } from "./service-table.ts";

/**
 * A service that leads to a program of this machine, such as a database beside the cluster. Its Service has no selector, and no endpoints of its
 * own: the API takes no loopback address in an EndpointSlice, so that only the node knows of this.
 */
export interface HostService {
  readonly namespace: string;
  readonly name: string;
  /** Of the Service. */
  readonly port: number;
  /** Where the program listens. */
  readonly target: Endpoint;
}

/** The service table, where host services have their targets as endpoints. A Service that selects pods stays theirs. */
export function leadToHost(
  ports: readonly ServicePort[],
  services: readonly KubeObject[],
  hosts: readonly HostService[],
): readonly ServicePort[] {
  if (hosts.length === 0) return ports;
  const selecting = new Set(services.filter(hasSelector).map(keyOf));
  return ports.map((port) => {
    if (port.endpoints.length > 0 || port.protocol !== "tcp") return port;
    const service = port.key.slice(0, port.key.indexOf(":"));
    const host = hosts.find(({ namespace, name, port: number }) => {
      return `${namespace}/${name}` === service && number === port.port;
    });
    return host === undefined || selecting.has(service) ? port : { ...port, endpoints: [host.target] };
  });
}

function hasSelector(service: KubeObject): boolean {
  // Decoded and validated by the API server.
  const { spec } = service as unknown as { readonly spec?: { readonly selector?: Readonly<Record<string, string>> } };
  return Object.keys(spec?.selector ?? {}).length > 0;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
