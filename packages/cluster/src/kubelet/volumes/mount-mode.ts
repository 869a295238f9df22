import { KubeletError } from "../kubelet-error.ts";
import type { VolumeMount } from "../pods/pod.ts";
import type { Mount } from "../runtime/runtime.ts";

/** Whether what is mounted below a mount is read-only as well; an error where that is demanded and can't be had. */
export function isReadOnlyBelow(mount: VolumeMount, isPossible: boolean): boolean {
  const { name, recursiveReadOnly = "Disabled", readOnly, mountPropagation = "None" } = mount;
  if (recursiveReadOnly === "Disabled") return false;
  const asked = `failed to resolve recursive read-only mode: volume ${JSON.stringify(name)} requested recursive read-only mode, but it is not`;
  if (readOnly !== true) throw new KubeletError("volume-failed", `${asked} read-only`);
  if (mountPropagation !== "None")
    throw new KubeletError("volume-failed", `${asked} compatible with propagation ${JSON.stringify(mountPropagation)}`);
  if (recursiveReadOnly === "Enabled" && !isPossible)
    throw new KubeletError("volume-failed", `${asked} supported by the runtime`);
  return isPossible;
}

/** How later mounts below it are seen on the other side. */
export function propagationOf({ mountPropagation }: VolumeMount): Pick<Mount, "propagation"> {
  if (mountPropagation === "HostToContainer") return { propagation: "rslave" };
  return mountPropagation === "Bidirectional" ? { propagation: "rshared" } : {};
}
