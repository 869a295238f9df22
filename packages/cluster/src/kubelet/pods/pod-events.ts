import { KubeletError, messageOf } from "../kubelet-error.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { EventRecorder, RecordedEvent } from "./event-recorder.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Pod } from "./pod.ts";

const listNames = {
  init: "initContainers",
  sidecar: "initContainers",
  main: "containers",
  ephemeral: "ephemeralContainers",
};

/** Records an event of a pod, or of one of its containers. */
export function recordPodEvent(
  events: EventRecorder,
  { pod, slot }: { readonly pod: Pod; readonly slot: ContainerSlot | undefined },
  event: RecordedEvent,
): void {
  const { name, namespace, uid, resourceVersion } = pod.metadata;
  const list = slot === undefined ? undefined : listNames[slot.kind];
  events.record(
    {
      apiVersion: "v1",
      kind: "Pod",
      name,
      namespace,
      uid,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(slot === undefined || list === undefined ? {} : { fieldPath: `spec.${list}{${slot.container.name}}` }),
    },
    event,
  );
}

/** How the kubelet reports a step of a pod that failed and will be tried again. */
export function failureEvent(error: unknown): RecordedEvent {
  const message = messageOf(error);
  const code = error instanceof KubeletError ? error.code : undefined;
  if (code === "volume-failed") return { type: "Warning", reason: "FailedMount", message };
  if (code === "devices-failed") {
    const text = `Failed to prepare dynamic resources: prepare dynamic resources: ${message}`;
    return { type: "Warning", reason: "FailedPrepareDynamicResources", message: text };
  }
  if (code === "sandbox-failed") {
    return {
      type: "Warning",
      reason: "FailedCreatePodSandBox",
      message: `Failed to create pod sandbox: ${message}`,
    };
  }
  return { type: "Warning", reason: "FailedSync", message: `error determining status: ${message}` };
}

/** What a pod asks for and this runtime doesn't do. */
export function shortcomingEvents(pod: Pod, runtime: Pick<Runtime, "name" | "shortcomings">): RecordedEvent[] {
  return runtime.shortcomings(pod).map((text) => {
    return { type: "Warning", reason: "NotSupportedByRuntime", message: `The ${runtime.name} runtime: ${text}.` };
  });
}
