import type { Mount, Sandbox } from "../runtime/runtime.ts";
import type { PodVolumes } from "../volumes/pod-volumes.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { RecordedEvent } from "./event-recorder.ts";
import type { ImageVolumes } from "./image-volumes.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

/** A pod whose sandbox is up, as its containers' starts and ends see it. */
export interface PodContext {
  readonly services: PodServices;
  readonly pod: () => Pod;
  readonly sandbox: Sandbox;
  readonly volumes: PodVolumes;
  readonly imageVolumes: ImageVolumes;
  readonly hostname: string;
  readonly ownMounts: readonly Mount[];
  readonly podFolder: string;
  readonly logFolder: string;
  /** Aborts when the pod is to end: what would be waited for, is no longer. */
  readonly leaving: AbortSignal;
  readonly tell: (slot: ContainerSlot | undefined, event: RecordedEvent) => void;
  /** The status is written; nothing new is to be done. */
  readonly report: () => void;
  /** A container changed: the status is written, and the worker looks what there is to do. */
  readonly changed: () => void;
}
