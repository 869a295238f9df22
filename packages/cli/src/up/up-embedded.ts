import { buildImages, machinePlatform, type BuiltImage } from "@fairway/build";
import { loadKubeconfig, type KubeObject } from "@fairway/kube-client";
import { imageRegistryOf } from "@fairway/manifests";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "../background/background-process.ts";
import type { Progress } from "../terminal/progress.ts";
import { ensureControl, followControl } from "./control.ts";
import { planOf, type ControlPlan, type ControlState, type PlanOptions } from "./control-plan.ts";
import { databasePort, ensureDatabase } from "./database.ts";
import { deploy, type Deployed } from "./deploy.ts";
import { platformSecrets, type MadeUpValues } from "./secrets.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Workspace } from "./workspace.ts";

export interface UpOptions extends PlanOptions {
  /** Values of the person's own for secrets, by `name/key`. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface Up extends Deployed {
  readonly control: ControlState & { readonly wasRunning: boolean };
  readonly images: readonly BuiltImage[];
  readonly tookMs: Readonly<Record<string, number>>;
}

/** One environment on this machine: images, PostgreSQL, the cluster, and every service ready. */
export async function upEmbedded(workspace: Workspace, options: UpOptions): Promise<Up> {
  const { signal, progress, environment } = options;
  const stopwatch = new Stopwatch();
  progress.update("building images, starting PostgreSQL and the cluster");
  const plan = planOf(workspace, options);
  const [images, control] = await Promise.all([
    stopwatch.time("images", imagesOf(workspace, signal)),
    stopwatch.time("control", ensureControl(workspace, plan, signal)),
  ]);
  const { client } = await loadKubeconfig({ path: control.kubeconfig ?? "" });
  try {
    const deployed = await whileControlRuns(workspace, signal, async (both) => {
      const foundation = [...databaseServices(plan), ...(await secretsOf(workspace, plan, options))];
      return deploy(client, workspace, { environment, images, foundation, signal: both, progress, stopwatch });
    });
    return { ...deployed, control, images, tookMs: stopwatch.tookMs };
  } finally {
    client.close();
  }
}

/** Ends the task when the control process ends: the cluster that it waits for will not come back by itself. */
async function whileControlRuns<T>(
  workspace: Workspace,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const done = new AbortController();
  const following = followControl(workspace, AbortSignal.any([signal, done.signal])).catch((error: unknown) =>
    gone.abort(error),
  );
  try {
    return await task(AbortSignal.any([signal, gone.signal]));
  } catch (error) {
    throw gone.signal.aborted ? gone.signal.reason : error;
  } finally {
    done.abort();
    await following;
  }
}

function imagesOf(workspace: Workspace, signal: AbortSignal): Promise<readonly BuiltImage[]> {
  const { folder, sources, platform, state } = workspace;
  return buildImages({
    root: folder,
    services: sources,
    layout: join(state, "images"),
    cache: join(state, "cache", "images"),
    platforms: [machinePlatform()],
    registry: imageRegistryOf(platform),
    signal,
  });
}

async function secretsOf(workspace: Workspace, plan: ControlPlan, options: UpOptions): Promise<readonly KubeObject[]> {
  const { state } = workspace;
  const database =
    plan.databases.length === 0 ? undefined : await ensureDatabase(state, plan.databases, await databasePort(state));
  const path = join(state, "control", "secrets.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as MadeUpValues) : {};
  const { objects, madeUp } = platformSecrets(workspace, {
    environment: options.environment,
    known,
    given: options.secrets,
    databaseUrl: (name) => asPodsSeeIt(database?.url(name) ?? ""),
  });
  writePrivate(path, madeUp);
  return objects;
}

/** Pods reach the database by the name of a service. */
function asPodsSeeIt(url: string): string {
  const seen = new URL(url);
  seen.hostname = "postgres";
  seen.port = "5432";
  return seen.href;
}

/** They have no pods: the cluster leads who asks for them to the machine's PostgreSQL. */
function databaseServices({ databaseNamespaces }: ControlPlan): readonly KubeObject[] {
  return databaseNamespaces.map((namespace) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "postgres", namespace, labels: { "app.kubernetes.io/managed-by": "fairway" } },
    spec: { ports: [{ name: "postgres", port: 5_432, protocol: "TCP" }] },
  }));
}
