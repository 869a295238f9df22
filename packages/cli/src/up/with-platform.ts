import { loadKubeconfig, type StreamingKubeClient } from "@fairway/kube-client";
import { namespaceOf } from "@fairway/manifests";
import type { Problem } from "@fairway/spec";
import { CliError } from "../cli-error.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { requireControl } from "./control.ts";
import type { ControlState } from "./control-plan.ts";
import { withKnownFailures } from "./known-failures.ts";
import { requireAnswer } from "./require-answer.ts";
import { findRunningPlace } from "./running-place.ts";
import { runningServices } from "./running-services.ts";
import type { WantedService } from "./service-state.ts";
import { DescriptionError, openWorkspace, unknownName, type Workspace, type WorkspacePlace } from "./workspace.ts";

/** A platform that runs on this machine, with the way to its cluster. */
export interface RunningPlatform {
  readonly control: ControlState;
  readonly client: StreamingKubeClient;
  /** Those in the cluster, then those that are described and not there yet. */
  readonly services: readonly WantedService[];
  /** What is wrong with the descriptions: what runs goes on all the same. */
  readonly problems: readonly Pick<Problem, "file" | "line" | "column" | "message">[];
}

export interface PlatformQuestion {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly platform: string | undefined;
  readonly signal: AbortSignal;
}

/** Finds the platform around a folder that `fairway up` started, and lets a task speak to it, whatever became of the descriptions. */
export async function withRunningPlatform<T>(
  { terminal, cwd, platform, signal }: PlatformQuestion,
  task: (running: RunningPlatform) => Promise<T>,
): Promise<T> {
  const place = findRunningPlace(cwd, platform);
  const control = requireControl(place);
  const read = await readDescribed(place);
  if ("warning" in read) terminal.warn(`${read.warning}; what runs goes on as it was described before`);
  return withCluster(control, signal, async (client) => {
    const running = await runningServices(client, control.plan.platform);
    const described = "warning" in read ? [] : servicesIn(read.workspace, control.plan.environment);
    const known = new Set(running.map(keyOf));
    const services = [...running, ...described.filter((each) => !known.has(keyOf(each)))];
    return task({ control, client, services, problems: "warning" in read ? read.problems : [] });
  });
}

/** The same for who changes what runs: nothing is done before the descriptions are right. */
export async function withPlatform<T>(
  { cwd, platform, signal }: Omit<PlatformQuestion, "terminal">,
  task: (running: Omit<RunningPlatform, "problems"> & { readonly workspace: Workspace }) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(cwd, platform);
  const control = requireControl(workspace);
  const services = servicesIn(workspace, control.plan.environment);
  return withCluster(control, signal, (client) => task({ workspace, control, client, services }));
}

async function withCluster<T>(
  control: ControlState,
  signal: AbortSignal,
  task: (client: StreamingKubeClient) => Promise<T>,
): Promise<T> {
  const { client } = await loadKubeconfig({ path: control.kubeconfig ?? "" });
  try {
    return await withKnownFailures(async () => {
      await requireAnswer(client, control, signal);
      return task(client);
    });
  } finally {
    client.close();
  }
}

type Described =
  | { readonly workspace: Workspace }
  | { readonly warning: string; readonly problems: RunningPlatform["problems"] };

async function readDescribed({ folder }: WorkspacePlace): Promise<Described> {
  try {
    return { workspace: await openWorkspace(folder, folder) };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const problems = error instanceof DescriptionError ? error.problems : [];
    const [first, ...others] = problems;
    if (first === undefined) return { warning: error.message, problems: [] };
    const { file, line, column, message } = first;
    const more = others.length === 0 ? "" : ` (and ${others.length} more: fairway check)`;
    return { warning: `${file}:${line}:${column}: ${message}${more}`, problems };
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

function keyOf({ namespace, service }: WantedService): string {
  return `${namespace}/${service}`;
}
