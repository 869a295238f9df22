/** What the node is short of: told in its conditions, and a reason to take no pods. */
export interface NodePressure {
  memory: boolean;
  disk: boolean;
}

export type Pressure = keyof NodePressure;

interface Words {
  readonly type: string;
  readonly pressed: { readonly event: string; readonly reason: string; readonly message: string };
  readonly relieved: { readonly event: string; readonly reason: string; readonly message: string };
}

/** How the node's conditions, and events about their change, say it. */
export const pressureWords: Readonly<Record<Pressure, Words>> = {
  memory: {
    type: "MemoryPressure",
    pressed: {
      event: "NodeHasInsufficientMemory",
      reason: "KubeletHasInsufficientMemory",
      message: "kubelet has insufficient memory available",
    },
    relieved: {
      event: "NodeHasSufficientMemory",
      reason: "KubeletHasSufficientMemory",
      message: "kubelet has sufficient memory available",
    },
  },
  disk: {
    type: "DiskPressure",
    pressed: {
      event: "NodeHasDiskPressure",
      reason: "KubeletHasDiskPressure",
      message: "kubelet has disk pressure",
    },
    relieved: {
      event: "NodeHasNoDiskPressure",
      reason: "KubeletHasNoDiskPressure",
      message: "kubelet has no disk pressure",
    },
  },
};

export function noPressure(): NodePressure {
  return { memory: false, disk: false };
}
