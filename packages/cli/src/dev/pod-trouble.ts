/** As much of a Pod as is asked for here. */
export interface PodObject {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly state?: { readonly waiting?: Waiting; readonly terminated?: Terminated };
  readonly lastState?: { readonly terminated?: Terminated };
}

interface Waiting {
  readonly reason?: string;
  readonly message?: string;
}

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface PodTrouble {
  readonly pod: string;
  readonly reason: string;
  /** The program itself has ended; everything else may pass. */
  readonly isFinal: boolean;
}

const passing: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

/** What keeps these pods from serving; those that are going do not count. */
export function podTrouble(pods: readonly PodObject[]): PodTrouble | undefined {
  for (const { metadata, status = {} } of pods) {
    if (metadata.deletionTimestamp !== undefined) continue;
    const pod = metadata.name;
    const unplaced = status.conditions?.find((each) => each.type === "PodScheduled" && each.status === "False");
    if (unplaced) return { pod, reason: unplaced.message ?? "no node takes its pod", isFinal: false };
    for (const { state = {}, lastState = {} } of status.containerStatuses ?? []) {
      const ended = state.terminated ?? lastState.terminated;
      if (ended) return { pod, reason: endOf(ended), isFinal: true };
      const { reason, message } = state.waiting ?? {};
      if (reason === undefined || passing.has(reason)) continue;
      return { pod, reason: [reason, message].filter(Boolean).join(": "), isFinal: false };
    }
  }
  return undefined;
}

function endOf({ exitCode, reason, message }: Terminated): string {
  if (reason === "StartError") return `it can't be started${message ? `: ${message}` : ""}`;
  const why = reason === undefined || reason === "Error" || reason === "Completed" ? "" : ` (${reason})`;
  return `it ended with ${exitCode}${why}`;
}
