import { constants } from "node:os";
import { messageOf } from "../kubelet-error.ts";
import { pause } from "../probes/probe-loop.ts";
import { runHandler } from "../probes/run-handler.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { PodContext } from "./pod-context.ts";

export interface StopRequest {
  /** Of the `Killing` event. */
  readonly message: string;
  readonly graceMs: number;
  /** Aborts when there is no more time: the container is killed at once. */
  readonly hurry: AbortSignal;
}

/** However short the grace period and however long the hook took, a container gets so long to end by itself. */
const leastMs = 2000;

/** Ends a container: the hook, the signal, the grace period, the kill. Answers when it is gone. */
export async function stopContainer(slot: ContainerSlot, context: PodContext, request: StopRequest): Promise<void> {
  if (slot.active === undefined) return;
  slot.stopping ??= stop(slot, context, request).finally(() => (slot.stopping = undefined));
  await slot.stopping;
}

async function stop(slot: ContainerSlot, context: PodContext, { message, graceMs, hurry }: StopRequest): Promise<void> {
  const { active } = slot;
  if (active === undefined) return;
  context.tell(slot, { type: "Normal", reason: "Killing", message });
  active.life.abort();
  const began = performance.now();
  if (graceMs > 0) await preStop(slot, context, { graceMs, hurry });
  const spent = performance.now() - began;
  await active.running.kill(stopSignal(slot.image?.config.stopSignal));
  const left = graceMs === 0 ? 0 : Math.max(graceMs - spent, leastMs);
  await Promise.race([active.settled, pause(left, hurry)]);
  if (slot.active === active) await active.running.kill("SIGKILL");
  await active.settled;
}

async function preStop(
  slot: ContainerSlot,
  context: PodContext,
  limits: { graceMs: number; hurry: AbortSignal },
): Promise<void> {
  const hook = slot.container.lifecycle?.preStop;
  if (hook === undefined || slot.active === undefined) return;
  const target = {
    container: slot.container,
    running: slot.active.running,
    address: context.sandbox.addresses[0] ?? context.services.nodeAddress,
    timeoutMs: limits.graceMs,
    agent: context.services.kubeletAgent,
  };
  const work = runHandler(hook, target).catch((error: unknown) => ({ ok: false, output: messageOf(error) }));
  const result = await Promise.race([work, pause(limits.graceMs, limits.hurry), slot.active.settled]);
  if (result?.ok === false) {
    context.tell(slot, { type: "Warning", reason: "FailedPreStopHook", message: "PreStopHook failed" });
  }
}

function stopSignal(wanted: string | undefined): NodeJS.Signals {
  if (wanted === undefined || wanted === "") return "SIGTERM";
  const byName = `SIG${wanted.replace(/^SIG/u, "")}`;
  for (const [name, number] of Object.entries(constants.signals)) {
    // The keys of the table are signals' names.
    if (name === byName || String(number) === wanted) return name as NodeJS.Signals;
  }
  return "SIGTERM";
}
