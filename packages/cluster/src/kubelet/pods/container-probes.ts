import { readyAgainAfterMs } from "../limits.ts";
import { pause, runProbeLoop } from "../probes/probe-loop.ts";
import type { ProbeKind } from "../probes/probe-loop.ts";
import { runHandler } from "../probes/run-handler.ts";
import { shouldRestart } from "./container-slot.ts";
import type { ActiveContainer, ContainerSlot } from "./container-slot.ts";
import type { Probe } from "./pod.ts";
import type { PodContext } from "./pod-context.ts";
import { stopContainer } from "./stop-container.ts";

/** Begins to ask a container how it is. The other probes wait until the startup probe has found it up. */
export function startProbes(slot: ContainerSlot, active: ActiveContainer, context: PodContext): void {
  const { startupProbe } = slot.container;
  if (startupProbe === undefined) {
    settleIn(slot, active, context);
    return;
  }
  begin(slot, active, {
    context,
    kind: "startup",
    probe: startupProbe,
    decided: (healthy) => {
      if (healthy) {
        slot.started = true;
        settleIn(slot, active, context);
      } else {
        restart(slot, context, { kind: "startup", probe: startupProbe });
      }
      context.changed();
    },
  });
}

function settleIn(slot: ContainerSlot, active: ActiveContainer, context: PodContext): void {
  const { livenessProbe, readinessProbe } = slot.container;
  if (readinessProbe === undefined) void readyWhenUp(slot, active, context);
  else {
    const decided = (healthy: boolean): void => {
      slot.ready = healthy;
      context.changed();
    };
    begin(slot, active, { context, kind: "readiness", probe: readinessProbe, decided });
  }
  if (livenessProbe === undefined) return;
  const decided = (healthy: boolean): void => {
    if (!healthy) restart(slot, context, { kind: "liveness", probe: livenessProbe });
  };
  begin(slot, active, { context, kind: "liveness", probe: livenessProbe, decided });
}

/** Who isn't asked is ready by running; whoever has ended before, by running on: a rollout shall not go on over one that ends at once. */
async function readyWhenUp(slot: ContainerSlot, active: ActiveContainer, context: PodContext): Promise<void> {
  if (slot.previous !== undefined) {
    const runsMs = context.services.now().getTime() - active.startedAt.getTime();
    if (runsMs < readyAgainAfterMs) await pause(readyAgainAfterMs - runsMs, active.life.signal);
    if (active.life.signal.aborted) return;
  }
  slot.ready = true;
  context.changed();
}

interface ProbeWork {
  readonly context: PodContext;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly decided: (healthy: boolean) => void;
}

function begin(slot: ContainerSlot, active: ActiveContainer, { context, kind, probe, decided }: ProbeWork): void {
  const { services, sandbox } = context;
  const work = runProbeLoop({
    kind,
    probe,
    decided,
    startedAt: active.startedAt.getTime(),
    now: () => services.now().getTime(),
    signal: active.life.signal,
    failed: (message) => context.tell(slot, { type: "Warning", reason: "Unhealthy", message }),
    run: (timeoutMs) =>
      runHandler(probe, {
        container: slot.container,
        running: active.running,
        address: sandbox.addresses[0] ?? services.nodeAddress,
        timeoutMs,
        agent: services.kubeletAgent,
      }),
  });
  work.catch((error: unknown) => services.log(`${kind} probe of ${slot.container.name}: ${String(error)}`));
}

/** A pod whose only container may not be restarted is at its end. */
function endingText(slot: ContainerSlot, context: PodContext, kind: ProbeKind): string {
  const { container } = slot;
  const pod = context.pod();
  if (shouldRestart(slot, pod, 1)) return `Container ${container.name} failed ${kind} probe, will be restarted`;
  const isOnly = slot.kind === "main" && pod.spec.containers.length === 1;
  return isOnly ? `Stopping container ${container.name}` : `Container ${container.name} failed ${kind} probe`;
}

function restart(slot: ContainerSlot, context: PodContext, { kind, probe }: { kind: ProbeKind; probe: Probe }): void {
  const graceSeconds = probe.terminationGracePeriodSeconds ?? context.pod().spec.terminationGracePeriodSeconds ?? 30;
  const message = endingText(slot, context, kind);
  const work = stopContainer(slot, context, { message, graceMs: graceSeconds * 1000, hurry: context.leaving });
  work.catch((error: unknown) => context.services.log(`stopping ${slot.container.name}: ${String(error)}`));
}
