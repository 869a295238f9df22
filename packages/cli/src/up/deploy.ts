import type { KubeObject, StreamingKubeClient } from "@fairway/kube-client";
import type { BuiltImage } from "@fairway/build";
import type { Progress } from "../terminal/progress.ts";
import { applyDescribed, describedObjects, pruneDescribed } from "./described-objects.ts";
import { failureLog } from "./failure-log.ts";
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

/** Applies the charts of an environment to a cluster, whichever it is, and waits for the services. */
export async function deploy(
  client: StreamingKubeClient,
  workspace: Workspace,
  options: DeployOptions,
): Promise<Deployed> {
  const { environment, images, registry, foundation, besides = [], signal, progress, stopwatch } = options;
  progress.update("applying the charts");
  const described = describedObjects(workspace, {
    environment,
    foundation,
    ...(registry === undefined ? {} : { registry }),
    images: new Map(images.map((image) => [image.service, image])),
  });
  await stopwatch.time("apply", applyDescribed(client, described, signal));
  await pruneDescribed(client, described, signal);
  const { objects, releases } = described;
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
