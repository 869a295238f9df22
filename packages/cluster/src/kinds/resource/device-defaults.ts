import type { ResourceClaimSpec } from "../../schema/data/types/resource-v1.ts";

interface Asked {
  allocationMode?: string;
  count?: number;
}

/** Whoever asks for a device and does not say how many gets one. */
export function setDeviceDefaults({ devices }: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable } of devices.requests ?? []) {
    if (exactly) setCount(exactly);
    for (const each of firstAvailable ?? []) setCount(each);
  }
}

function setCount(asked: Asked): void {
  asked.allocationMode ||= "ExactCount";
  if (asked.allocationMode === "ExactCount") asked.count ||= 1;
}
