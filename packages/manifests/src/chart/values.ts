import type { ServiceInEnvironment } from "../environment/resolve-service.ts";
import { serviceAnywhere } from "../environment/resolve-service.ts";
import { imageRegistryOf } from "../naming.ts";
import type { Lines } from "../text/lines.ts";
import { commented, type Value } from "../text/value-lines.ts";
import type { ChartSubject } from "./chart-subject.ts";

/** What environments change of a service, in the order of its values.yaml. */
export function serviceValues(service: ServiceInEnvironment): { readonly [key: string]: Value } {
  const { min, max, cpu, memory } = service.scale;
  return {
    autoscaling: {
      enabled: service.replicas === undefined,
      // To nothing at all only KEDA scales.
      min: Math.max(min, 1),
      max,
      cpu,
      ...(memory === undefined ? {} : { memory }),
    },
    replicas: service.replicas ?? Math.max(min, 1),
    rollout: { maxSurge: service.rollout.maxSurge, maxUnavailable: service.rollout.maxUnavailable },
    resources: { requests: { ...service.resources.requests }, limits: { ...service.resources.limits } },
    env: { ...service.env },
    nodes: { ...service.nodes },
  };
}

/** What is one for all services of an environment. */
export const globalDefaults = {
  environment: "",
  domain: "localhost",
  ingress: { className: "", tlsSecret: "", issuer: "" },
  namespaces: { ingress: "ingress-nginx", monitoring: "monitoring" },
  networks: { private: ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"] },
} as const satisfies Value;

const comments: Readonly<Record<string, string>> = {
  autoscaling: "Pods by load: in percent of what they request. Without it there are always as many as `replicas` says.",
  rollout: "How many pods may be too many or missing while a version takes over.",
  resources: "What each pod is sure to have, and what it may use at most.",
  env: "Environment variables that are no secrets.",
  nodes: "The pool of nodes, and whether those are good enough that may be taken away.",
};

export function valuesFile({ service, platform, name }: ChartSubject): Lines {
  const image = { registry: imageRegistryOf(platform), version: "", digest: "" };
  const { lines } = commented([
    ["One for all services of an environment: environments/<environment>/values.yaml.", "global", globalDefaults],
    ["The release says which image runs, by its digest.", "image", image],
    ...Object.entries(serviceValues(serviceAnywhere(service))).map(
      ([key, value]) => [comments[key] ?? "", key, value] as const,
    ),
  ]);
  return { lines: [`# What environments change of ${name}: environments/<environment>/${name}.yaml.`, "", ...lines] };
}
