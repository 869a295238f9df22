import { requireSuccess, type KubeClient } from "@fairway/kube-client";
import { CliError } from "../cli-error.ts";
import type { WantedService } from "../up/service-state.ts";

/** What a Deployment runs: an image by its digest, and the version that it is told to be. */
export interface RunningImage {
  readonly image: string;
  readonly version: string;
}

/** As much of a Deployment as is asked for here. */
export interface DeploymentObject {
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly ContainerSpec[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const versionVariable = "SERVICE_VERSION";
const versionLabel = "app.kubernetes.io/version";

export function deploymentPath({ namespace, service }: WantedService): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${service}`;
}

export async function readDeployment(client: KubeClient, wanted: WantedService): Promise<DeploymentObject> {
  const { status, body } = await client.request({ method: "GET", path: deploymentPath(wanted) });
  if (status === 404) {
    throw new CliError("not-found", `${wanted.service} is not in the cluster`, { hint: "fairway up brings it there" });
  }
  return requireGood(status, body, wanted);
}

export async function readRunning(client: KubeClient, wanted: WantedService): Promise<RunningImage> {
  return runningIn(await readDeployment(client, wanted), wanted.service);
}

/** What those of these services run that are in the cluster, by their names. */
export async function runningImages(
  client: KubeClient,
  services: readonly WantedService[],
): Promise<ReadonlyMap<string, RunningImage>> {
  const request = { method: "GET", path: "/apis/apps/v1/deployments" } as const;
  const { items } = requireSuccess(request, await client.request(request)) as {
    readonly items: readonly DeploymentObject[];
  };
  const found = new Map(items.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
  return new Map(
    services.flatMap(({ service, namespace }) => {
      const deployment = found.get(`${namespace}/${service}`);
      return deployment === undefined ? [] : [[service, runningIn(deployment, service)] as const];
    }),
  );
}

function runningIn({ spec }: DeploymentObject, service: string): RunningImage {
  const container = spec.template.spec.containers.find(({ name }) => name === service);
  const version = container?.env?.find(({ name }) => name === versionVariable)?.value ?? "0.0.0";
  return { image: container?.image ?? "", version };
}

/** Lets the Deployment run another image; everything else stays as it is. */
export async function runImage(
  client: KubeClient,
  wanted: WantedService,
  { image, version }: RunningImage,
): Promise<void> {
  const env = [{ name: versionVariable, value: version }];
  const container = { name: wanted.service, image, env };
  const { status, body } = await client.request({
    method: "PATCH",
    path: deploymentPath(wanted),
    query: { fieldManager: "fairway-dev" },
    contentType: "application/strategic-merge-patch+json",
    body: {
      spec: { template: { metadata: { labels: { [versionLabel]: version } }, spec: { containers: [container] } } },
    },
  });
  requireGood(status, body, wanted);
}

function requireGood(status: number, body: unknown, { service }: WantedService): DeploymentObject {
  if (status === 200) return body as DeploymentObject;
  const said = typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
  throw new CliError("environment", `the cluster answered for ${service} with ${status}: ${said}`, {
    hint: "fairway status says how it is",
  });
}
