import { quantityValue, type Environment, type Platform, type Service } from "@fairway/spec";
import { namespaceOf, priorityClassOf, type Tier } from "../naming.ts";
import { yaml, type Lines } from "../text/lines.ts";
import { serviceInEnvironment } from "./resolve-service.ts";

/** The ground that the services of an environment stand on: files of `base/<environment>/`. */
export function baseFiles(
  platform: Platform,
  environment: Environment,
  services: readonly Service[],
): readonly (readonly [name: string, documents: readonly Lines[]])[] {
  const namespaces = namespacesOf(platform, environment, services);
  const labels = commonLabels(platform, environment);
  return [
    ["namespaces.yaml", namespaces.map(({ name }) => namespace(name, labels))],
    ["network-policies.yaml", namespaces.map(({ name }) => defaultDeny(name, labels))],
    ["resource-quotas.yaml", namespaces.map((each) => resourceQuota(each, labels))],
    ["limit-ranges.yaml", namespaces.map(({ name }) => limitRange(name, labels))],
    [
      "priority-classes.yaml",
      tiers.map((tier) => priorityClass(priorityClassOf(platform, environment.name, tier), tier, labels)),
    ],
  ];
}

interface NamespaceWithQuota {
  readonly name: string;
  readonly quota: Environment["quota"];
}

/** A namespace of one service gets what the service can use at its most, and never more than the whole environment. */
function namespacesOf(
  platform: Platform,
  environment: Environment,
  services: readonly Service[],
): readonly NamespaceWithQuota[] {
  const { quota } = environment;
  if (platform.spec.namespaces === "per-environment") {
    return [{ name: namespaceOf(platform, environment.name, ""), quota }];
  }
  return services.map((service) => {
    const { replicas, scale, resources } = serviceInEnvironment(service, environment);
    // While a version takes over there may be twice as many.
    const pods = 2 * (replicas ?? scale.max);
    const name = namespaceOf(platform, environment.name, service.metadata.name);
    return {
      name,
      quota: {
        cpu: lesser(quota.cpu, `${Math.ceil(pods * quantityValue(resources.requests.cpu) * 1_000)}m`),
        memory: lesser(quota.memory, `${Math.ceil((pods * quantityValue(resources.requests.memory)) / 2 ** 20)}Mi`),
        pods: Math.min(quota.pods, pods),
      },
    };
  });
}

function lesser(a: string, b: string): string {
  return quantityValue(a) <= quantityValue(b) ? a : b;
}

function commonLabels(platform: Platform, environment: Environment): Lines {
  return yaml`
    app.kubernetes.io/part-of: ${platform.metadata.name}
    app.kubernetes.io/managed-by: fairway
    fairway.dev/environment: ${environment.name}
  `;
}

function namespace(name: string, labels: Lines): Lines {
  return yaml`
    apiVersion: v1
    kind: Namespace
    metadata:
      name: ${name}
      labels:
        ${labels}
        pod-security.kubernetes.io/enforce: restricted
        pod-security.kubernetes.io/audit: restricted
        pod-security.kubernetes.io/warn: restricted
  `;
}

/** Nothing reaches anything that no service's policy allows. */
function defaultDeny(namespace: string, labels: Lines): Lines {
  return yaml`
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny
      namespace: ${namespace}
      labels:
        ${labels}
    spec:
      podSelector: {}
      policyTypes:
        - Ingress
        - Egress
  `;
}

/** Of what pods are sure to have; what they may use beyond that is nobody's loss but their own. */
function resourceQuota({ name, quota }: NamespaceWithQuota, labels: Lines): Lines {
  return yaml`
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: quota
      namespace: ${name}
      labels:
        ${labels}
    spec:
      hard:
        requests.cpu: ${quota.cpu}
        requests.memory: ${quota.memory}
        pods: ${String(quota.pods)}
  `;
}

/** For containers that say nothing themselves, such as those of a job that somebody starts by hand. */
function limitRange(namespace: string, labels: Lines): Lines {
  return yaml`
    apiVersion: v1
    kind: LimitRange
    metadata:
      name: defaults
      namespace: ${namespace}
      labels:
        ${labels}
    spec:
      limits:
        - type: Container
          defaultRequest:
            cpu: 100m
            memory: 256Mi
          default:
            cpu: "1"
            memory: 512Mi
  `;
}

const tiers: readonly Tier[] = ["critical", "standard", "experimental"];

/** Below everything that the cluster itself needs; a pod that names no class has 0. */
const priorities: Readonly<Record<Tier, number>> = { critical: 10_000, standard: 1_000, experimental: 100 };

const meanings: Readonly<Record<Tier, string>> = {
  critical: "Makes room for itself when nodes are full",
  standard: "Most services",
  experimental: "The first to go when nodes are full",
};

function priorityClass(name: string, tier: Tier, labels: Lines): Lines {
  return yaml`
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata:
      name: ${name}
      labels:
        ${labels}
    value: ${priorities[tier]}
    description: ${meanings[tier]}
  `;
}
