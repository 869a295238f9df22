import type { KubeObject } from "../objects/kube-object.ts";

export interface PodContainer {
  readonly name: string;
  /** Of the run that is going on or was the last; undefined before the first. */
  readonly run: string | undefined;
  readonly isRunning: boolean;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly restartCount?: number;
  readonly state?: Readonly<Record<string, { readonly containerID?: string } | undefined>>;
}

interface PodShape {
  readonly spec?: Readonly<Record<string, readonly { readonly name: string }[] | undefined>>;
  readonly status?: { readonly phase?: string } & Readonly<
    Record<string, string | readonly ContainerStatus[] | undefined>
  >;
}

/** Those of a pod in the order in which they start, with what is known of their runs. */
export function containersOf(pod: KubeObject): readonly PodContainer[] {
  const { spec = {}, status = {} } = pod as unknown as PodShape;
  return (["init", "", "ephemeral"] as const).flatMap((prefix) => {
    const field = prefix === "" ? "containers" : `${prefix}Containers`;
    const states = status[prefix === "" ? "containerStatuses" : `${prefix}ContainerStatuses`];
    return (spec[field] ?? []).map(({ name }) => {
      const state = Array.isArray(states)
        ? (states as ContainerStatus[]).find((each) => each.name === name)
        : undefined;
      return { name, run: runOf(state), isRunning: state?.state?.["running"] !== undefined };
    });
  });
}

function runOf(status: ContainerStatus | undefined): string | undefined {
  if (status?.containerID === undefined || status.containerID === "") return undefined;
  return `${status.containerID} ${status.restartCount ?? 0}`;
}

/** Whether nothing of the pod will run any more. */
export function hasEnded(pod: KubeObject): boolean {
  const phase = (pod as unknown as PodShape).status?.phase;
  return phase === "Succeeded" || phase === "Failed";
}
