import type { KubeObject } from "../../object/kube-object.ts";

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
}

/**
 * The variables that tell a container where services are: always those of `kubernetes`, and with service links those of its own namespace.
 */
export function serviceVariables(
  services: readonly KubeObject[],
  namespace: string,
  links: boolean,
): Map<string, string> {
  const variables = new Map<string, string>();
  for (const service of services) {
    const isMaster = service.metadata.namespace === "default" && service.metadata.name === "kubernetes";
    if (!isMaster && !(links && service.metadata.namespace === namespace)) continue;
    addService(variables, service.metadata.name ?? "", specOf(service));
  }
  return variables;
}

function specOf(service: KubeObject): ServiceSpec {
  // Decoded and validated by the API server.
  return (service["spec"] ?? {}) as ServiceSpec;
}

function addService(variables: Map<string, string>, name: string, spec: ServiceSpec): void {
  const { clusterIP = "", ports = [] } = spec;
  const [first] = ports;
  if (clusterIP === "" || clusterIP === "None" || first === undefined) return;
  const prefix = upper(name);
  variables.set(`${prefix}_SERVICE_HOST`, clusterIP);
  variables.set(`${prefix}_SERVICE_PORT`, String(first.port));
  for (const port of ports) {
    if (port.name !== undefined && port.name !== "")
      variables.set(`${prefix}_SERVICE_PORT_${upper(port.name)}`, String(port.port));
  }
  const host = clusterIP.includes(":") ? `[${clusterIP}]` : clusterIP;
  for (const [index, port] of ports.entries()) {
    const protocol = port.protocol ?? "TCP";
    const url = `${protocol.toLowerCase()}://${host}:${port.port}`;
    const full = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`;
    if (index === 0) variables.set(`${prefix}_PORT`, url);
    variables.set(full, url);
    variables.set(`${full}_PROTO`, protocol.toLowerCase());
    variables.set(`${full}_PORT`, String(port.port));
    variables.set(`${full}_ADDR`, clusterIP);
  }
}

function upper(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}
