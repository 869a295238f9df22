import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { messageOf } from "../kubelet-error.ts";
import {
  commandOutputWaitMs,
  restartBackOffMs,
  retryBackOffMs,
  terminationLogBytesMax,
  terminationLogLinesMax,
  terminationMessageBytesMax,
} from "../limits.ts";
import { logEnd } from "../logs/read-log.ts";
import { pause } from "../probes/probe-loop.ts";
import { runHandler } from "../probes/run-handler.ts";
import type { Exit } from "../runtime/runtime.ts";
import { formatWait } from "./back-off.ts";
import { seconds } from "./container-status.ts";
import type { ActiveContainer, ContainerSlot } from "./container-slot.ts";
import { startProbes } from "./container-probes.ts";
import { ensureImage } from "./ensure-image.ts";
import { ensureImageVolumes } from "./image-volumes.ts";
import type { PodContext } from "./pod-context.ts";
import { StartBlocked } from "./start-blocked.ts";
import { StartFailed, startContainer } from "./start-container.ts";
import type { Started } from "./start-container.ts";
import { stopContainer } from "./stop-container.ts";

/** As the API has a time that never was. */
const never = "1970-01-01T00:00:00Z";

/** Starts a slot's container, or notes why it can't be yet. Answers the milliseconds until it is worth another try. */
export async function launch(slot: ContainerSlot, context: PodContext): Promise<number> {
  const { services } = context;
  const waitMs = heldBack(slot, context);
  if (waitMs > 0) return waitMs;
  const isRestart = slot.terminated !== undefined || slot.previous !== undefined;
  const attempt = isRestart ? slot.attempt + 1 : slot.attempt;
  try {
    const tell = (event: Parameters<PodContext["tell"]>[1]): void => context.tell(slot, event);
    const image = await ensureImage(slot, context.pod(), { services, tell });
    slot.image = image;
    await ensureImageVolumes(slot, context);
    const started = await startContainer({ ...context, pod: context.pod(), slot, image, attempt });
    countRestart(slot, context);
    slot.attempt = attempt;
    await enter(slot, started, context);
    return Number.POSITIVE_INFINITY;
  } catch (error) {
    if (error instanceof StartBlocked) return blocked(slot, error, context);
    if (!(error instanceof StartFailed)) throw error;
    countRestart(slot, context);
    slot.attempt = attempt;
    return failedToStart(slot, error, context);
  }
}

/** What is left of the wait after a failure; says so in the status and by an event. */
function heldBack(slot: ContainerSlot, context: PodContext): number {
  const { terminated, restartBackOff, container } = slot;
  if (terminated === undefined || slot.restartsNow) return 0;
  const { services } = context;
  const ended = Date.parse(terminated.finishedAt ?? never);
  const left = restartBackOff.left(ended, services.now().getTime());
  if (left <= 0) return 0;
  // At first what went wrong is told, and only later that it is waited.
  if (slot.waiting?.reason === "RunContainerError" && restartBackOff.waitMs <= restartBackOffMs.first) return left;
  const pod = context.pod();
  const who = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const wait = formatWait(restartBackOff.waitMs);
  const message = `back-off ${wait} restarting failed container=${container.name} pod=${who}`;
  if (slot.waiting?.reason !== "CrashLoopBackOff") {
    context.tell(slot, {
      type: "Warning",
      reason: "BackOff",
      message: `Back-off restarting failed container ${container.name} in pod ${who}`,
    });
  }
  slot.waiting = { reason: "CrashLoopBackOff", message };
  context.report();
  return left;
}

function countRestart(slot: ContainerSlot, { services }: PodContext): void {
  if (slot.terminated === undefined || slot.restartsNow) return;
  slot.restartBackOff.next(Date.parse(slot.terminated.finishedAt ?? never), services.now().getTime());
}

function blocked(slot: ContainerSlot, error: StartBlocked, context: PodContext): number {
  slot.waiting = { reason: error.reason, message: error.message };
  if (error.reason === "CreateContainerConfigError") {
    context.tell(slot, { type: "Warning", reason: "Failed", message: `Error: ${error.message}` });
  }
  context.report();
  if (error.reason === "ErrImagePull" || error.reason === "ImagePullBackOff") {
    // Half way the state becomes ImagePullBackOff, as people know it; the attempt itself waits until the end.
    const at = context.services.now().getTime();
    const left = Math.max(
      ...[slot, ...context.imageVolumes.values()].map((each) => each.pullBackOff.left(each.pullFailedAt, at)),
    );
    return error.reason === "ErrImagePull" ? Math.min(left, 2000) : Math.max(left, retryBackOffMs.first);
  }
  return 2000;
}

function failedToStart(slot: ContainerSlot, error: StartFailed, context: PodContext): number {
  slot.resources = slot.container.resources ?? {};
  slot.previous = slot.terminated ?? slot.previous;
  slot.terminated = {
    exitCode: 128,
    reason: "StartError",
    message: error.message,
    startedAt: never,
    finishedAt: seconds(context.services.now()),
    containerID: `${context.services.runtime.name}://${error.id}`,
  };
  slot.waiting = { reason: "RunContainerError", message: error.message };
  context.tell(slot, { type: "Normal", reason: "Created", message: "Container created" });
  context.tell(slot, { type: "Warning", reason: "Failed", message: `Error: ${error.message}` });
  context.report();
  // The policy decides whether there is another try; the worker comes back to it at once.
  return 10;
}

async function enter(slot: ContainerSlot, started: Started, context: PodContext): Promise<void> {
  const { running, id, log, user, terminationFile } = started;
  const life = new AbortController();
  slot.previous = slot.terminated ?? slot.previous;
  slot.terminated = undefined;
  slot.waiting = undefined;
  slot.ready = false;
  slot.started = slot.container.startupProbe === undefined;
  const startedAt = context.services.now();
  const settled = running.exited.then((exit) => leave(slot, exit, { context, terminationFile }));
  const resources = slot.container.resources ?? {};
  const imageRoot = slot.image?.root ?? "";
  const active: ActiveContainer = { id, running, startedAt, log, user, imageRoot, resources, life, settled };
  slot.restartsNow = false;
  slot.active = active;
  context.tell(slot, { type: "Normal", reason: "Created", message: "Container created" });
  context.tell(slot, { type: "Normal", reason: "Started", message: "Container started" });
  context.changed();
  if (await postStart(slot, active, context)) startProbes(slot, active, context);
}

/** Takes up a container that an earlier run of the control process started. */
export function resume(
  slot: ContainerSlot,
  active: Omit<ActiveContainer, "settled" | "life">,
  context: PodContext,
  terminationFile: string,
): void {
  const settled = active.running.exited.then((exit) => leave(slot, exit, { context, terminationFile }));
  const whole: ActiveContainer = { ...active, life: new AbortController(), settled };
  slot.previous = slot.terminated ?? slot.previous;
  slot.terminated = undefined;
  slot.started = slot.container.startupProbe === undefined;
  slot.active = whole;
  startProbes(slot, whole, context);
}

/** Runs the hook; a container whose hook fails is ended. */
async function postStart(slot: ContainerSlot, active: ActiveContainer, context: PodContext): Promise<boolean> {
  const hook = slot.container.lifecycle?.postStart;
  if (hook === undefined) return true;
  const target = {
    container: slot.container,
    running: active.running,
    address: context.sandbox.addresses[0] ?? context.services.nodeAddress,
    timeoutMs: 24 * 60 * 60 * 1000,
    agent: context.services.kubeletAgent,
  };
  const gone = new Promise<"gone">((resolve) => {
    context.leaving.addEventListener("abort", () => resolve("gone"), { once: true });
    if (context.leaving.aborted) resolve("gone");
    void active.settled.then(() => resolve("gone"));
  });
  const work = runHandler(hook, target).catch((error: unknown) => ({ ok: false, output: messageOf(error) }));
  const result = await Promise.race([work, gone]);
  if (result === "gone") return false;
  if (result.ok) return true;
  context.tell(slot, { type: "Warning", reason: "FailedPostStartHook", message: "PostStartHook failed" });
  await stopContainer(slot, context, {
    message: "FailedPostStartHook",
    graceMs: graceOf(context),
    hurry: context.leaving,
  });
  slot.waiting = { reason: "PostStartHookError", message: "PostStartHook failed" };
  return false;
}

/** The milliseconds that the pod gives its containers to end. */
export function graceOf(context: PodContext): number {
  return (context.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

interface Leaving {
  readonly context: PodContext;
  readonly terminationFile: string;
}

async function leave(slot: ContainerSlot, exit: Exit, { context, terminationFile }: Leaving): Promise<void> {
  const { active } = slot;
  // One that this process has let go ends for the next one.
  if (active === undefined || active.log.isClosed) return;
  active.life.abort();
  await Promise.race([active.log.drained(), pause(commandOutputWaitMs, new AbortController().signal)]);
  active.log.close();
  const message = terminationMessage(slot, { exit, terminationFile, logPath: active.log.path });
  slot.terminated = {
    exitCode: exit.code,
    reason: exit.reason ?? (exit.code === 0 ? "Completed" : "Error"),
    ...(message === "" ? {} : { message }),
    startedAt: seconds(active.startedAt),
    finishedAt: seconds(context.services.now()),
    containerID: `${context.services.runtime.name}://${active.id}`,
  };
  slot.resources = active.resources;
  slot.active = undefined;
  slot.ready = false;
  slot.started = false;
  await active.running.release();
  context.changed();
}

function terminationMessage(
  slot: ContainerSlot,
  end: { exit: Exit; terminationFile: string; logPath: string },
): string {
  const own = readStart(end.terminationFile, terminationMessageBytesMax);
  if (own !== "" || end.exit.code === 0) return own;
  if (slot.container.terminationMessagePolicy !== "FallbackToLogsOnError") return "";
  return logEnd(end.logPath, { lines: terminationLogLinesMax, bytes: terminationLogBytesMax });
}

function readStart(path: string, bytes: number): string {
  if (!existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}
