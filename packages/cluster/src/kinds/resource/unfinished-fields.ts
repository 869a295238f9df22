// Fields that Kubernetes 1.35 knows and leaves out unless somebody switches them on, which nobody can here.
import type { DeviceClass, ResourceClaimSpec, ResourceSlice } from "../../schema/data/types/resource-v1.ts";

export function dropFromSlice({ spec }: ResourceSlice): void {
  delete spec.sharedCounters;
  delete spec.perDeviceNodeSelection;
  for (const device of spec.devices ?? []) {
    delete device.consumesCounters;
    delete device.nodeName;
    delete device.nodeSelector;
    delete device.allNodes;
    delete device.taints;
    delete device.bindsToNode;
    delete device.bindingConditions;
    delete device.bindingFailureConditions;
    delete device.allowMultipleAllocations;
    for (const capacity of Object.values(device.capacity ?? {})) delete capacity.requestPolicy;
  }
}

export function dropFromClass({ spec }: DeviceClass): void {
  delete spec.extendedResourceName;
}

export function dropFromClaim({ devices }: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices.requests ?? [])
    for (const asked of [...(exactly === undefined ? [] : [exactly]), ...firstAvailable]) {
      delete asked.tolerations;
      delete asked.capacity;
    }
  for (const constraint of devices.constraints ?? []) delete constraint.distinctAttribute;
}
