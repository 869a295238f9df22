import type { KubeClient } from "@fairway/kube-client";
import { CliError } from "../cli-error.ts";
import type { ControlState } from "./control-plan.ts";
import { upLimits } from "./limits.ts";

/** A control process that is there and does not answer is told as such, before anything is asked of its cluster that would wait for minutes. */
export async function requireAnswer(client: KubeClient, { pid }: ControlState, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(upLimits.answerTimeoutMs);
  try {
    await client.request({ method: "GET", path: "/version", signal: AbortSignal.any([signal, late]) });
  } catch (cause) {
    if (signal.aborted || !late.aborted) throw cause;
    const seconds = upLimits.answerTimeoutMs / 1_000;
    throw new CliError("environment", `the control process (${pid}) does not answer for ${seconds} s`, {
      hint: `wait where the machine is busy; kill -CONT ${pid} if somebody stopped it; fairway down and fairway up make another one`,
      cause,
    });
  }
}
