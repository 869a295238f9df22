import { isDeepStrictEqual } from "node:util";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startCluster } from "@fairway/cluster";
import { removePostgres } from "@fairway/postgres";
import {
  forgetState,
  logPath,
  readState,
  runningState,
  startInBackground,
  stopInBackground,
  type Background,
} from "../background/background-process.ts";
import { isFolderLocked, withFolderLock } from "../background/folder-lock.ts";
import { isFreePort } from "../background/free-port.ts";
import { CliError } from "../cli-error.ts";
import { controlFolder, readPlan, writePlan, type ControlPlan, type ControlState } from "./control-plan.ts";
import { hasRoom } from "./disk-room.ts";
import { databaseFolder, stopDatabase } from "./database.ts";
import { upLimits } from "./limits.ts";
import type { WorkspacePlace } from "./workspace.ts";

/** The control process of a platform, if one runs. */
export function runningControl({ state }: WorkspacePlace): ControlState | undefined {
  return runningState<ControlState>(controlFolder(state));
}

export function requireControl(place: WorkspacePlace): ControlState {
  const control = runningControl(place);
  if (control?.ready) return control;
  throw new CliError("environment", control ? "the platform is still starting" : "the platform does not run here", {
    hint: control ? "wait a moment" : "fairway up --detach",
  });
}

/** Runs what the plan says when this returns. One with another plan hands its pods over. */
export async function ensureControl(
  place: WorkspacePlace,
  plan: ControlPlan,
  signal: AbortSignal,
): Promise<ControlState & { readonly wasRunning: boolean }> {
  // Two that are called at the same time start one.
  return withFolderLock(controlFolder(place.state), () => ensureControlAlone(place, plan, signal), { signal });
}

/** Another process in the place of the one that runs; pods and database go on. */
export async function renewControl(
  place: WorkspacePlace,
  plan: ControlPlan,
  signal: AbortSignal,
): Promise<ControlState & { readonly wasRunning: boolean }> {
  const folder = controlFolder(place.state);
  const renew = async () => {
    await stopInBackground(control(place), "SIGHUP");
    return { ...(await ensureControlAlone(place, plan, signal)), wasRunning: true };
  };
  return withFolderLock(folder, renew, { signal });
}

async function ensureControlAlone(
  place: WorkspacePlace,
  plan: ControlPlan,
  signal: AbortSignal,
): Promise<ControlState & { readonly wasRunning: boolean }> {
  const folder = controlFolder(place.state);
  const running = await startedControl(place, signal);
  if (running && isDeepStrictEqual(running.plan, plan)) return { ...running, wasRunning: true };
  const last = running?.plan ?? readPlan(folder);
  if (running) {
    const sameRuntime = running.plan.runtime === plan.runtime;
    await stopInBackground(control(place), sameRuntime ? "SIGHUP" : "SIGTERM");
  } else if (last && last.runtime !== plan.runtime) {
    await sweep(place);
  }
  await requireFreePorts(plan);
  writePlan(folder, plan);
  const started = await startInBackground<ControlState>(
    control(place),
    ["control", "run", "--state", place.state],
    signal,
  );
  return { ...started, wasRunning: running !== undefined };
}

/** One that an `up` has started that was killed meanwhile is waited for; one that does not get ready makes room. */
async function startedControl(place: WorkspacePlace, signal: AbortSignal): Promise<ControlState | undefined> {
  const end = performance.now() + upLimits.startTimeoutMs;
  for (;;) {
    const running = runningControl(place);
    if (running === undefined || running.ready) return running;
    if (running.failure !== undefined || performance.now() > end) {
      await stopInBackground(control(place));
      return undefined;
    }
    await delay(upLimits.pollMs, undefined, { signal });
  }
}

/** Returns when the signal comes; a control process that ends before is a failure. */
export async function followControl(place: WorkspacePlace, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Another `up` may be replacing it.
    if (!runningControl(place) && !isFolderLocked(controlFolder(place.state))) {
      const full = hasRoom(place.state) ? "" : "the disk is full, or nearly so: free some space; ";
      throw new CliError("environment", "the control process has ended", {
        hint: `${full}its log is ${logPath(controlFolder(place.state))}; fairway up goes on where it was`,
      });
    }
    await delay(upLimits.controlWatchMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Ends everything; false when nothing ran. */
export async function stopControl(place: WorkspacePlace): Promise<boolean> {
  const folder = controlFolder(place.state);
  return existsSync(folder) && withFolderLock(folder, () => stopControlAlone(place), { evenReadOnly: true });
}

async function stopControlAlone(place: WorkspacePlace): Promise<boolean> {
  if (await stopInBackground(control(place))) return true;
  // A state without a process is what a killed one leaves behind: pods and a database may still run.
  if (readState(controlFolder(place.state)) === undefined) return stopDatabase(place.state);
  await sweep(place);
  return true;
}

/** What `up` keeps in the platform's `.fairway`. */
export const keptParts: readonly string[] = ["cluster", "postgres", "images", "control"];

/** Forgets everything that `up` made; nothing of it may run. */
export async function forgetEverything(place: WorkspacePlace): Promise<void> {
  await removePostgres(databaseFolder(place.state));
  for (const part of keptParts) rmSync(join(place.state, part), { recursive: true, force: true });
}

/** Ends what a killed control process left running: a cluster that starts takes up its pods, and one that closes ends them. */
async function sweep({ state }: WorkspacePlace): Promise<void> {
  const plan = readPlan(controlFolder(state));
  if (plan && existsSync(join(state, "cluster", "node"))) {
    const cluster = await startCluster({
      folder: join(state, "cluster"),
      port: 0,
      parts: "node",
      runtime: plan.runtime,
      log: () => undefined,
    });
    await cluster.close();
  }
  await stopDatabase(state);
  forgetState(controlFolder(state));
}

function control({ state }: WorkspacePlace): Background {
  return { folder: controlFolder(state), name: "the control process", ...upLimits };
}

/** Said before anything is started. */
async function requireFreePorts({ apiPort, ingressPort }: ControlPlan): Promise<void> {
  for (const [port, use] of [
    [apiPort, "the Kubernetes API"],
    [ingressPort, "the addresses of services"],
  ] as const) {
    if (await isFreePort(port)) continue;
    throw new CliError("environment", `port ${port}, for ${use}, is taken by another program`, {
      hint: "end that program, or move all ports with --port-offset 100",
    });
  }
}
