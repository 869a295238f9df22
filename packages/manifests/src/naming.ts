import type { Environment, Platform, Service } from "@fairway/spec";

/** The namespace of a service in an environment. With one namespace for all, the service makes no difference. */
export function namespaceOf(platform: Platform, environment: string, service: string): string {
  const shared = `${platform.metadata.name}-${environment}`;
  return platform.spec.namespaces === "per-service" ? `${shared}-${service}` : shared;
}

/** The host name of an environment's ingress. */
export function domainOf(platform: Platform, environment: Environment): string {
  return environment.domain ?? `${environment.name}.${platform.spec.domain}`;
}

/** Where the images of the platform are: `<this>/<service>`. */
export function imageRegistryOf(platform: Platform): string {
  return platform.spec.registry.address ?? `registry.localhost/${platform.metadata.name}`;
}

/** Names that clusters know their workloads by, and that terraform gives to their nodes. */
export const nodeLabels = { pool: "fairway.dev/pool", spot: "fairway.dev/spot" } as const;

export type Tier = Service["spec"]["tier"];

/** Priorities are of the whole cluster, so their names hold the environment; the chart leaves it to the values. */
export function priorityClassOf(platform: Platform, environment: string, tier: Tier): string {
  return `${platform.metadata.name}-${environment}-${tier}`;
}

/** The name of the Deployment, Service and all else of a service: its own. A Secret has what it is for behind it. */
export function secretName(service: string, name: string): string {
  // Names of secrets may have what Kubernetes does not take in names.
  return `${service}-${name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/-+$/, "")}`;
}

/** `orders-service` is called at ORDERS_URL; at ORDERS_SERVICE_URL by who also calls a service `orders`. */
export function urlVariable(service: string, called: readonly string[]): string {
  const short = service.replace(/(.)-service$/, "$1");
  const name = short !== service && called.includes(short) ? service : short;
  return `${name.toUpperCase().replaceAll("-", "_")}_URL`;
}
