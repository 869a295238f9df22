import { toTimestamp } from "../loop/index.ts";
import type { NewObject } from "../loop/index.ts";
import { findCondition } from "../model/condition.ts";
import type { Node, Taint } from "../model/node.ts";
import { podsPerNodeMax } from "./limits.ts";

/** What each of them seems to have. */
export interface SimulatedNodeSize {
  readonly cpu: string;
  readonly memory: string;
}

export const simulatedLabel = "fairway.dev/simulated";
/** On a node: its kubelet falls silent, as if the machine had gone. */
const heartbeatAnnotation = "fairway.dev/heartbeat";
/** Beside a real node nothing comes here that did not ask for it: it would seem ready and answer nobody. */
export const simulatedTaint: Taint = { key: simulatedLabel, value: "true", effect: "NoSchedule" };

const zones = ["a", "b", "c"];

export function simulatedName(index: number): string {
  return `simulated-${index + 1}`;
}

/** Loopback, so that whoever calls what isn't there is refused at once and nothing leaves the machine. */
export function simulatedAddress(index: number, host: number): string {
  return `127.251.${index + 1}.${host}`;
}

export function isSilent({ metadata }: Node): boolean {
  return metadata.annotations?.[heartbeatAnnotation] === "stopped";
}

/** The node as it registers. */
export function simulatedNode(index: number, taints: readonly Taint[]): NewObject {
  const name = simulatedName(index);
  return {
    metadata: {
      name,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": "simulated",
        "topology.kubernetes.io/zone": `simulated-${zones[index % zones.length]}`,
        [simulatedLabel]: "true",
      },
    },
    spec: taints.length === 0 ? {} : { taints },
  };
}

/** Healthy, empty and of that size; times of what hasn't changed stay. */
export function simulatedStatus(
  node: Node,
  index: number,
  size: SimulatedNodeSize,
  now: number,
): NonNullable<Node["status"]> {
  const capacity = { ...size, "ephemeral-storage": "100Gi", pods: String(podsPerNodeMax) };
  const verdicts = [
    ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
    ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    ["Ready", "True", "KubeletReady", "the node is simulated: its pods seem to run"],
  ] as const;
  const time = toTimestamp(now);
  return {
    addresses: [
      { type: "InternalIP", address: simulatedAddress(index, 1) },
      { type: "Hostname", address: simulatedName(index) },
    ],
    capacity,
    allocatable: capacity,
    conditions: verdicts.map(([type, status, reason, message]) => {
      const before = findCondition(node.status?.conditions, type);
      const since = before?.status === status ? (before.lastTransitionTime ?? time) : time;
      return { type, status, lastHeartbeatTime: time, lastTransitionTime: since, reason, message };
    }),
    nodeInfo: {
      machineID: "",
      systemUUID: "",
      bootID: "",
      kernelVersion: "",
      osImage: "simulated",
      containerRuntimeVersion: "simulated://1",
      kubeletVersion: "v1.35.0",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}
