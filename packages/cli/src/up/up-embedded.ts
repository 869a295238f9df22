import type { BuiltImage } from "@fairway/build";
import { loadKubeconfig } from "@fairway/kube-client";
import type { Progress } from "../terminal/progress.ts";
import { ensureControl, followControl, renewControl } from "./control.ts";
import { planOf, type ControlState, type PlanOptions } from "./control-plan.ts";
import { deploy, type Deployed } from "./deploy.ts";
import { staysShortOfDisk } from "./disk-room.ts";
import { embeddedFoundation } from "./foundation.ts";
import { imagesForMachine } from "./images.ts";
import { requireAnswer } from "./require-answer.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Workspace } from "./workspace.ts";

export interface UpOptions extends PlanOptions {
  /** Values of the person's own for secrets, by `name/key`. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Called when it runs, before anything is brought there. */
  readonly onControl: (control: Up["control"]) => void;
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
  const starting = stopwatch.time("control", ensureControl(workspace, plan, signal)).then((started) => {
    options.onControl(started);
    return started;
  });
  const building = stopwatch.time("images", imagesForMachine(workspace, workspace.sources, signal));
  // Whatever becomes of the images: what was started is known before anybody is told.
  await Promise.allSettled([starting, building]);
  const [started, images] = await Promise.all([starting, building]);
  const isStale = started.wasRunning && (await staysShortOfDisk(workspace.state, started));
  const control = isStale ? await renewControl(workspace, plan, signal) : started;
  const { client } = await loadKubeconfig({ path: control.kubeconfig ?? "" });
  try {
    await requireAnswer(client, control, signal);
    const deployed = await whileControlRuns(workspace, signal, async (both) => {
      const foundation = await embeddedFoundation(workspace, plan, options.secrets);
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
