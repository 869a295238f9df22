import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "@fairway/kube-client";
import type { Progress } from "../terminal/progress.ts";
import { upLimits } from "./limits.ts";
import { isWell, serviceStates, type ServiceState, type WantedService } from "./service-state.ts";

export interface UntilReadyOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Waits until every service is ready, or until it is clear that some will not be: what it answers says which. */
export async function untilReady(
  client: KubeClient,
  services: readonly WantedService[],
  { signal, progress }: UntilReadyOptions,
): Promise<readonly ServiceState[]> {
  const end = performance.now() + upLimits.readyTimeoutMs;
  let failingSince: number | undefined;
  for (;;) {
    const states = await serviceStates(client, services);
    const waiting = states.filter((each) => !isWell(each));
    if (waiting.length === 0) return states;
    const isStuck = waiting.every(({ health }) => health === "failing");
    const now = performance.now();
    failingSince = isStuck ? (failingSince ?? now) : undefined;
    if (now > end || (failingSince !== undefined && now - failingSince > upLimits.failingMsMax)) return states;
    progress.update(summary(states, waiting));
    await delay(upLimits.pollMs, undefined, { signal });
  }
}

function summary(states: readonly ServiceState[], waiting: readonly ServiceState[]): string {
  const ready = `${states.length - waiting.length} of ${states.length} services ready`;
  const [first] = waiting.toSorted((a, b) => rank(a) - rank(b));
  return first === undefined ? ready : `${ready} · ${first.service}: ${first.reason ?? first.health}`;
}

/** What goes wrong is shown before what only takes its time. */
function rank({ health }: ServiceState): number {
  return health === "failing" ? 0 : 1;
}
