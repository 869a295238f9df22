import type { KubeClient } from "@fairway/kube-client";
import { CliError } from "../cli-error.ts";
import type { WantedService } from "../up/service-state.ts";

/** What a Deployment runs: an image by its digest, and the version that it is told to be. */
export interface RunningImage {
  readonly image: string;
  readonly version: string;
  /** Whether its pods go on for a while after they have been replaced. */
  readonly lingers: boolean;
}

/** As much of a Deployment as is asked for here. */
export interface DeploymentObject {
  readonly metadata: { readonly generation?: number; readonly resourceVersion?: string };
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
  readonly lifecycle?: unknown;
}

const versionVariable = "SERVICE_VERSION";
const versionLabel = "app.kubernetes.io/version";

export function deploymentPath({ namespace, service }: WantedService): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${service}`;
}

export async function readRunning(client: KubeClient, wanted: WantedService): Promise<RunningImage> {
  const { status, body } = await client.request({ method: "GET", path: deploymentPath(wanted) });
  if (status === 404) {
    throw new CliError("not-found", `${wanted.service} is not in the cluster`, { hint: "fairway up brings it there" });
  }
  const { spec } = requireGood(status, body, wanted);
  const container = spec.template.spec.containers.find(({ name }) => name === wanted.service);
  const version = container?.env?.find(({ name }) => name === versionVariable)?.value ?? "0.0.0";
  return { image: container?.image ?? "", version, lingers: container?.lifecycle !== undefined };
}

/**
 * Lets the Deployment run another image, in pods that end when they are told to: connections that others keep to a pod would
 * go on to show the version before. Everything else stays what `fairway up` made, and the next one makes all of it so again.
 */
export async function runImage(
  client: KubeClient,
  wanted: WantedService,
  { image, version }: Pick<RunningImage, "image" | "version">,
): Promise<DeploymentObject> {
  const env = [{ name: versionVariable, value: version }];
  const container = { name: wanted.service, image, env, lifecycle: null };
  const { status, body } = await client.request({
    method: "PATCH",
    path: deploymentPath(wanted),
    query: { fieldManager: "fairway-dev" },
    contentType: "application/strategic-merge-patch+json",
    body: {
      spec: { template: { metadata: { labels: { [versionLabel]: version } }, spec: { containers: [container] } } },
    },
  });
  return requireGood(status, body, wanted);
}

function requireGood(status: number, body: unknown, { service }: WantedService): DeploymentObject {
  if (status === 200) return body as DeploymentObject;
  const said = typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
  throw new CliError("environment", `the cluster answered for ${service} with ${status}: ${said}`, {
    hint: "fairway status says how it is",
  });
}
