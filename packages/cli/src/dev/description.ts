import type { ServiceSource } from "@fairway/build";
import type { KubeObject } from "@fairway/kube-client";
import { namespaceOf } from "@fairway/manifests";
import { CliError } from "../cli-error.ts";
import { withKnownFailures } from "../up/known-failures.ts";
import type { WantedService } from "../up/service-state.ts";
import { openWorkspace, type Workspace, type WorkspacePlace } from "../up/workspace.ts";

/** What is described at one time, around the service that somebody works on. */
export interface Description {
  readonly workspace: Workspace;
  readonly environment: string;
  readonly wanted: WantedService;
  readonly source: ServiceSource;
  /** What the services stand on: it is there. */
  readonly foundation: readonly KubeObject[];
}

export interface DescribeOptions {
  readonly place: WorkspacePlace;
  readonly environment: string;
  readonly service: string;
  /** Sees to it that what the services stand on is there: databases, values of secrets. */
  readonly prepare: (workspace: Workspace) => Promise<readonly KubeObject[]>;
}

/** Reads what is described now. What is wrong with it is a `CliError`, and then nothing has been changed. */
export async function describe({ place, environment, service, prepare }: DescribeOptions): Promise<Description> {
  return withKnownFailures(async () => {
    const workspace = await openWorkspace(place.folder, place.folder);
    const source = workspace.sources.find((each) => each.service.metadata.name === service);
    if (source === undefined) {
      throw new CliError("not-found", `${service} is no longer described`, { hint: "fairway up does without it" });
    }
    const { platform } = workspace;
    if (platform.spec.environments.every(({ name }) => name !== environment)) {
      throw new CliError("not-found", `platform.yaml has no environment ${environment} any more`, {
        hint: "fairway up --env ENV runs another one",
      });
    }
    const wanted = { service, namespace: namespaceOf(platform, environment, service) };
    return { workspace, environment, wanted, source, foundation: await prepare(workspace) };
  });
}
