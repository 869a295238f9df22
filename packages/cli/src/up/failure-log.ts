import { KubeError, readLogs, type StreamingKubeClient } from "@fairway/kube-client";
import { upLimits } from "./limits.ts";
import type { ServiceState } from "./service-state.ts";

/** The last lines of the container that a failing service's pod ran before, or runs now; empty when there are none. */
export async function failureLog(
  client: StreamingKubeClient,
  { namespace, failingPod: pod }: ServiceState,
): Promise<string> {
  if (pod === undefined) return "";
  for (const previous of [true, false]) {
    try {
      const lines = readLogs(client, { namespace, pod, previous, tailLines: upLimits.logLinesShown });
      const texts: string[] = [];
      for await (const { text } of lines) texts.push(text);
      if (texts.length > 0) return texts.join("\n");
    } catch (error) {
      // It has not ended before, or its log is gone with its pod: the reason has to do.
      if (!(error instanceof KubeError)) throw error;
    }
  }
  return "";
}
