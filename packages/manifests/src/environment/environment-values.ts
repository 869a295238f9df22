import type { Environment, Platform, Service } from "@fairway/spec";
import { serviceValues } from "../chart/values.ts";
import { domainOf, imageRegistryOf } from "../naming.ts";
import type { Lines } from "../text/lines.ts";
import { commented, differenceOf, valueLines, type Value } from "../text/value-lines.ts";
import type { DeployedVersion } from "../versions.ts";
import { serviceAnywhere, serviceInEnvironment } from "./resolve-service.ts";

/** environments/<environment>/values.yaml: what is one for all its services. */
export function environmentValuesFile(platform: Platform, environment: Environment): Lines {
  const global = {
    environment: environment.name,
    domain: domainOf(platform, environment),
    ...ingressOf(platform, environment),
  };
  return commented([
    [`For all services in ${environment.name}.`, "global", global],
    ["Where the images are.", "image", { registry: imageRegistryOf(platform) }],
  ]);
}

/** Names below `localhost` never leave this machine: no authority gives a certificate for them. */
function ingressOf(platform: Platform, environment: Environment): { readonly [key: string]: Value } {
  const { tls } = platform.spec;
  if (/(^|\.)localhost$/.test(domainOf(platform, environment))) return {};
  if (tls.issuer === "existing") return { ingress: { tlsSecret: tls.secret } };
  return { ingress: { tlsSecret: `${platform.metadata.name}-${environment.name}-tls`, issuer: tls.issuer } };
}

/** environments/<environment>/<service>.yaml: what differs from the values of its chart, and which version runs. */
export function serviceValuesFile(
  service: Service,
  environment: Environment,
  version: DeployedVersion | undefined,
): Lines {
  const { name } = service.metadata;
  const image: { readonly [key: string]: Value } = version
    ? { image: { version: version.version, digest: version.digest } }
    : {};
  const there = serviceValues(serviceInEnvironment(service, environment));
  const difference = differenceOf(there, serviceValues(serviceAnywhere(service)));
  const values = { ...image, ...(typeof difference === "object" && !Array.isArray(difference) ? difference : {}) };
  const isEmpty = Object.keys(values).length === 0;
  const { lines } = valueLines(values as { readonly [key: string]: Value });
  return {
    lines: [
      `# ${name} in ${environment.name}, where it differs from services/${name}/values.yaml.`,
      ...(isEmpty ? ["{}"] : lines),
    ],
  };
}
