import { podTerminationMessagesBytesMax } from "../limits.ts";
import { shouldRestart } from "./container-slot.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { ContainerState, ContainerStatus, Pod, Resources, Terminated } from "./pod.ts";
import { withPodLimits } from "./pod-limits.ts";

export interface StatusContext {
  readonly pod: Pod;
  readonly runtimeName: string;
  /** Whether the runtime says as whom a container runs, and holds it to its limits. */
  readonly isIsolated: boolean;
  readonly canBeReadOnlyBelow: boolean;
}

/** A container's part of the pod's status, as the kubelet writes it. */
export function containerStatus(slot: ContainerSlot, context: StatusContext): ContainerStatus {
  const { pod, runtimeName, isIsolated } = context;
  const { container, active, image } = slot;
  const { state, lastState } = statesOf(slot, pod);
  const id = active?.id ?? idOf(state) ?? idOf(lastState);
  const isUp = active !== undefined;
  const resources = active?.resources ?? (id === undefined ? undefined : slot.resources);
  return {
    name: container.name,
    state,
    lastState,
    ready: isReady(slot, state),
    restartCount: slot.attempt,
    image: nameOf(image) ?? container.image,
    // Said of containers that were made, and not of those that could not be.
    imageID: id === undefined ? "" : (image?.reference ?? ""),
    ...(id === undefined ? {} : { containerID: id.includes("://") ? id : `${runtimeName}://${id}` }),
    started: isUp && slot.started,
    ...(resources?.requests === undefined ? {} : { allocatedResources: resources.requests }),
    ...(resources === undefined ? {} : { resources: isIsolated ? inEffect(resources, pod) : resources }),
    ...volumeMounts(slot, context),
    ...(isUp && isIsolated ? { user: userOf(slot) } : {}),
  };
}

/** An image that was asked for by its digest has no name that could be shown: container engines give its id. */
function nameOf(image: ContainerSlot["image"]): string | undefined {
  return image?.name.includes("@") === true ? image.id : image?.name;
}

function statesOf(slot: ContainerSlot, pod: Pod): { state: ContainerState; lastState: ContainerState } {
  const { active, terminated, previous, waiting } = slot;
  const ended = (value: ContainerSlot["terminated"]): ContainerState =>
    value === undefined ? {} : { terminated: withShare(value, pod) };
  // Of one that won't be started any more its last end is told, and what was before is forgotten.
  if (active === undefined && terminated !== undefined && !shouldRestart(slot, pod, terminated.exitCode))
    return { state: ended(terminated), lastState: {} };
  if (active !== undefined) {
    return { state: { running: { startedAt: seconds(active.startedAt) } }, lastState: ended(terminated ?? previous) };
  }
  if (waiting !== undefined) return { state: { waiting }, lastState: ended(terminated ?? previous) };
  if (terminated !== undefined) return { state: ended(terminated), lastState: ended(previous) };
  return { state: { waiting: { reason: waitingReason(slot, pod) } }, lastState: {} };
}

/** Why nothing of it runs yet. */
export function waitingReason({ waiting }: ContainerSlot, { spec }: Pod): string {
  return waiting?.reason ?? ((spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating");
}

/** The containers of a pod share what is kept of their last words. */
function withShare(terminated: Terminated, { spec }: Pod): Terminated {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const count = containers.length + initContainers.length + ephemeralContainers.length;
  const bytesMax = Math.floor(podTerminationMessagesBytesMax / count);
  const bytes = Buffer.from(terminated.message ?? "");
  return bytes.length <= bytesMax ? terminated : { ...terminated, message: bytes.toString("utf8", 0, bytesMax) };
}

function isReady(slot: ContainerSlot, state: ContainerState): boolean {
  if (slot.kind === "init") return state.terminated?.exitCode === 0;
  return slot.active !== undefined && slot.ready && slot.started;
}

function idOf(state: ContainerState): string | undefined {
  return state.terminated?.containerID;
}

/** Whoever has limits is told those of the pod as well. */
function inEffect(resources: Resources, pod: Pod): Resources {
  if (resources.limits === undefined) return resources;
  return withPodLimits({ name: "", image: "", resources }, pod).resources ?? resources;
}

function volumeMounts(
  { container }: ContainerSlot,
  { canBeReadOnlyBelow }: StatusContext,
): Pick<ContainerStatus, "volumeMounts"> {
  if (container.volumeMounts === undefined) return {};
  return {
    volumeMounts: container.volumeMounts.map(({ name, mountPath, readOnly, recursiveReadOnly = "Disabled" }) => {
      const isDeep = recursiveReadOnly !== "Disabled" && canBeReadOnlyBelow;
      const access = readOnly === true ? { readOnly, recursiveReadOnly: isDeep ? "Enabled" : "Disabled" } : {};
      return { name, mountPath, ...access };
    }),
  };
}

function userOf({ active }: ContainerSlot): NonNullable<ContainerStatus["user"]> {
  const { uid = 0, gid = 0, groups = [] } = active?.user ?? {};
  return { linux: { uid, gid, supplementalGroups: [...new Set([gid, ...groups])] } };
}

/** Times in the API have whole seconds. */
export function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
