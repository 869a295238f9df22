import { messageOf } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import { graceOf } from "./container-life.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { Container, Resources } from "./pod.ts";
import { withPodLimits } from "./pod-limits.ts";
import type { PodContext } from "./pod-context.ts";
import { stopContainer } from "./stop-container.ts";

const resizable = ["cpu", "memory"] as const;

/**
 * Brings changed requests and limits to containers that run: into the running container, or by a restart where its policy for that resource says
 * so. Answers the milliseconds after which to try again what failed.
 */
export async function resizeContainers(slots: readonly ContainerSlot[], context: PodContext): Promise<number> {
  let waitMs = Number.POSITIVE_INFINITY;
  for (const slot of slots) {
    if (slot.active === undefined || slot.stopping !== undefined || slot.kind === "init") continue;
    const changed = changedResources(slot.active.resources, slot.container.resources ?? {});
    if (changed.length === 0) continue;
    if (changed.some((resource) => restartsFor(slot.container, resource))) {
      await restart(slot, context);
      continue;
    }
    try {
      await slot.active.running.applyResources?.(withPodLimits(slot.container, context.pod()));
      slot.active.resources = slot.container.resources ?? {};
    } catch (error) {
      context.tell(slot, { type: "Warning", reason: "ResizeError", message: messageOf(error) });
      waitMs = retryBackOffMs.max;
    }
    context.changed();
  }
  return waitMs;
}

/** Resources whose request or limit is another one now. */
export function changedResources(before: Resources, after: Resources): string[] {
  return resizable.filter(
    (name) => before.limits?.[name] !== after.limits?.[name] || before.requests?.[name] !== after.requests?.[name],
  );
}

function restartsFor({ resizePolicy = [] }: Container, resource: string): boolean {
  return resizePolicy.some((each) => each.resourceName === resource && each.restartPolicy === "RestartContainer");
}

async function restart(slot: ContainerSlot, context: PodContext): Promise<void> {
  const { name } = slot.container;
  slot.restartsNow = true;
  await stopContainer(slot, context, {
    message: `Container ${name} resize requires restart`,
    graceMs: graceOf(context),
    hurry: context.leaving,
  });
}
