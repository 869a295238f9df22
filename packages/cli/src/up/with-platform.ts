import { loadKubeconfig, type StreamingKubeClient } from "@fairway/kube-client";
import { namespaceOf } from "@fairway/manifests";
import { requireControl } from "./control.ts";
import { withKnownFailures } from "./known-failures.ts";
import { requireAnswer } from "./require-answer.ts";
import type { ControlState } from "./control-plan.ts";
import type { WantedService } from "./service-state.ts";
import { openWorkspace, unknownName, type Workspace } from "./workspace.ts";

/** A platform that runs on this machine, with the way to its cluster. */
export interface RunningPlatform {
  readonly workspace: Workspace;
  readonly control: ControlState;
  readonly client: StreamingKubeClient;
  readonly services: readonly WantedService[];
}

/** Finds the platform around a folder that `fairway up` started, and lets a task speak to it. */
export async function withPlatform<T>(
  place: { readonly cwd: string; readonly platform: string | undefined; readonly signal: AbortSignal },
  task: (running: RunningPlatform) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(place.cwd, place.platform);
  const control = requireControl(workspace);
  const access = await loadKubeconfig({ path: control.kubeconfig ?? "" });
  const services = servicesIn(workspace, control.plan.environment);
  try {
    return await withKnownFailures(async () => {
      await requireAnswer(access.client, control, place.signal);
      return task({ workspace, control, client: access.client, services });
    });
  } finally {
    access.client.close();
  }
}

export function servicesIn({ platform, services }: Workspace, environment: string): readonly WantedService[] {
  return services.map(({ metadata: { name } }) => ({
    service: name,
    namespace: namespaceOf(platform, environment, name),
  }));
}

/** The service that a person means: by its name, or by its name without `-service`. */
export function chosenService(services: readonly WantedService[], wanted: string): WantedService {
  const found = services.find(({ service }) => service === wanted || service === `${wanted}-service`);
  if (found) return found;
  throw unknownName(
    "service",
    wanted,
    services.map(({ service }) => service),
  );
}
