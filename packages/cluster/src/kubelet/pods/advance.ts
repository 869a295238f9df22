import { launch } from "./container-life.ts";
import { shouldRestart } from "./container-slot.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { PodContext } from "./pod-context.ts";
import { hasStarted } from "./pod-phase.ts";
import { resizeContainers } from "./resize-container.ts";

const forEver = Number.POSITIVE_INFINITY;

/** `finished`: nothing will be started any more. Otherwise the milliseconds after which to look again without being woken. */
export type Advance = { readonly kind: "finished" } | { readonly kind: "wait"; readonly ms: number };

/** Starts what should run and doesn't: init containers and sidecars in their order, then the others. */
export async function advance(slots: readonly ContainerSlot[], context: PodContext): Promise<Advance> {
  const initialized = hasStarted(slots) || (await initialize(slots, context));
  if (typeof initialized === "object") return initialized;
  let ms = await resizeContainers(slots, context);
  for (const slot of slots) {
    if (slot.kind === "init" || slot.active !== undefined || slot.stopping !== undefined) continue;
    if (context.leaving.aborted) return { kind: "wait", ms: 0 };
    if (mayNotRestart(slot, context)) {
      slot.waiting = undefined;
      continue;
    }
    ms = Math.min(ms, await launch(slot, context));
  }
  const main = slots.filter((slot) => slot.kind === "main");
  const isOver = main.every((slot) => slot.active === undefined && mayNotRestart(slot, context));
  return isOver ? { kind: "finished" } : { kind: "wait", ms };
}

/** Answers true when all of them are through, or else what there is to wait for. */
async function initialize(slots: readonly ContainerSlot[], context: PodContext): Promise<Advance | true> {
  let ms = forEver;
  for (const slot of slots) {
    if (slot.kind === "sidecar") {
      if (slot.active === undefined && slot.stopping === undefined) ms = Math.min(ms, await launch(slot, context));
      if (!slot.started) return { kind: "wait", ms };
    } else if (slot.kind === "init") {
      if (slot.active !== undefined) return { kind: "wait", ms };
      if (slot.terminated?.exitCode === 0) continue;
      if (mayNotRestart(slot, context)) return { kind: "finished" };
      return { kind: "wait", ms: Math.min(ms, await launch(slot, context)) };
    }
  }
  return true;
}

function mayNotRestart(slot: ContainerSlot, context: PodContext): boolean {
  return slot.terminated !== undefined && !shouldRestart(slot, context.pod(), slot.terminated.exitCode);
}
