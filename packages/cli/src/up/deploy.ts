import { applyObjects, pruneObjects, type StreamingKubeClient, type KubeObject } from "@fairway/kube-client";
import type { BuiltImage } from "@fairway/build";
import type { Progress } from "../terminal/progress.ts";
import { failureLog } from "./failure-log.ts";
import { environmentObjects } from "./releases.ts";
import { isWell, type ServiceState, type WantedService } from "./service-state.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { untilReady } from "./until-ready.ts";
import type { Workspace } from "./workspace.ts";

export interface DeployOptions {
  readonly environment: string;
  readonly images: readonly BuiltImage[];
  /** Where the images are, when it is not the platform's registry. */
  readonly registry?: string;
  /** What the services stand on, after the namespaces and before the services: secrets, the way to a database. */
  readonly foundation: readonly KubeObject[];
  /** Of the foundation what has to be ready too. */
  readonly besides?: readonly WantedService[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly stopwatch: Stopwatch;
}

export interface Deployed {
  readonly objects: number;
  readonly services: readonly ServiceState[];
  readonly failures: readonly Failure[];
}

/** A service that did not become ready. */
export interface Failure {
  readonly service: string;
  readonly reason: string;
  /** The last lines that it wrote. */
  readonly log: string;
}

const fieldManager = "fairway";

/** What goes with a service that is no longer described. Volumes stay: what is in them can't be made again. */
const kindsOfCharts = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" },
] as const;

/** Applies the charts of an environment to a cluster, whichever it is, and waits for the services. */
export async function deploy(
  client: StreamingKubeClient,
  workspace: Workspace,
  options: DeployOptions,
): Promise<Deployed> {
  const { environment, images, registry, foundation, besides = [], signal, progress, stopwatch } = options;
  progress.update("applying the charts");
  const { base, releases } = environmentObjects(workspace, {
    environment,
    ...(registry === undefined ? {} : { registry }),
    images: new Map(images.map((image) => [image.service, image])),
  });
  const objects = [...base, ...foundation, ...releases.flatMap((release) => release.objects)];
  await stopwatch.time("apply", applyObjects(client, objects, { fieldManager, force: true, signal }));
  await pruneObjects(client, {
    selector: `app.kubernetes.io/part-of=${workspace.platform.metadata.name}`,
    fieldManager,
    keep: objects,
    namespaces: [...new Set(releases.map(({ namespace }) => namespace))],
    kinds: kindsOfCharts,
    signal,
  });
  const services = await stopwatch.time("ready", untilReady(client, [...besides, ...releases], { signal, progress }));
  return { objects: objects.length, services, failures: await failuresOf(client, services) };
}

function failuresOf(client: StreamingKubeClient, services: readonly ServiceState[]): Promise<readonly Failure[]> {
  const unwell = services.filter((each) => !isWell(each));
  return Promise.all(
    unwell.map(async (state) => ({
      service: state.service,
      reason: state.reason ?? "it is not ready, for no reason that the cluster knows",
      log: await failureLog(client, state),
    })),
  );
}
