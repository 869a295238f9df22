import { arch, cpus, release, totalmem } from "node:os";
import { readFileSync, statfsSync } from "node:fs";
import { createHash } from "node:crypto";
import type { UnpackedImage } from "../images/image-store.ts";
import { systemCodeOf } from "../kubelet-error.ts";
import { seconds } from "../pods/container-status.ts";
import { pressureWords } from "../upkeep/node-pressure.ts";
import type { NodePressure } from "../upkeep/node-pressure.ts";

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  /** Of the kubelet's HTTPS endpoint. */
  readonly port: number;
  readonly runtimeVersion: string;
  readonly kubernetesVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly podsMax: number;
}

export interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly lastHeartbeatTime: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** What the machine has: all of it may be used by pods. */
export function nodeCapacity(facts: Pick<NodeFacts, "folder" | "podsMax">): Record<string, string> {
  return {
    cpu: String(cpus().length),
    "ephemeral-storage": `${Math.floor(diskBytes(facts.folder) / 1024)}Ki`,
    "hugepages-2Mi": "0",
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: String(facts.podsMax),
  };
}

/** The node as it is registered. */
export function nodeObject(facts: NodeFacts): Record<string, unknown> {
  const architecture = arch() === "x64" ? "amd64" : arch();
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: facts.name,
      labels: {
        "kubernetes.io/arch": architecture,
        "kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": architecture,
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/hostname": facts.name,
        ...facts.labels,
      },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: {},
  };
}

export interface NodeState {
  readonly now: Date;
  readonly ready: boolean;
  readonly images: readonly UnpackedImage[];
  readonly known: readonly NodeCondition[];
  readonly pressure: NodePressure;
}

export function nodeStatus(facts: NodeFacts, state: NodeState): Record<string, unknown> {
  const capacity = nodeCapacity(facts);
  return {
    addresses: [
      { type: "InternalIP", address: facts.address },
      { type: "Hostname", address: facts.name },
    ],
    capacity,
    allocatable: capacity,
    conditions: conditions(state),
    daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
    nodeInfo: {
      machineID: machineId(facts.folder),
      systemUUID: machineId(facts.folder),
      bootID: readFirst("/proc/sys/kernel/random/boot_id") ?? machineId(facts.folder),
      kernelVersion: release(),
      osImage: osImage(),
      containerRuntimeVersion: facts.runtimeVersion,
      kubeletVersion: facts.kubernetesVersion,
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: arch() === "x64" ? "amd64" : arch(),
    },
    images: state.images
      .slice(0, 50)
      .map((image) => ({ names: [image.reference, image.name], sizeBytes: image.bytes })),
  };
}

function conditions({ now, ready, known, pressure }: NodeState): NodeCondition[] {
  const verdicts: [string, string, string, string][] = [
    ...(["memory", "disk"] as const).map((which): [string, string, string, string] => {
      const { type, pressed, relieved } = pressureWords[which];
      const { reason, message } = pressure[which] ? pressed : relieved;
      return [type, pressure[which] ? "True" : "False", reason, message];
    }),
    ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    ready
      ? ["Ready", "True", "KubeletReady", "kubelet is posting ready status"]
      : ["Ready", "False", "KubeletNotReady", "kubelet is shutting down"],
  ];
  const time = seconds(now);
  return verdicts.map(([type, status, reason, message]) => {
    const before = known.find((each) => each.type === type);
    const since = before?.status === status ? before.lastTransitionTime : time;
    return { type, status, lastHeartbeatTime: time, lastTransitionTime: since, reason, message };
  });
}

function machineId(folder: string): string {
  return readFirst("/etc/machine-id") ?? createHash("sha256").update(folder).digest("hex").slice(0, 32);
}

function osImage(): string {
  const text = readFirst("/etc/os-release", "whole") ?? "";
  return /^PRETTY_NAME="?([^"\n]*)"?$/mu.exec(text)?.[1] ?? process.platform;
}

function readFirst(path: string, what: "line" | "whole" = "line"): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return what === "whole" ? text : text.split("\n")[0];
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "EACCES") return undefined;
    throw error;
  }
}

function diskBytes(folder: string): number {
  const { blocks, bsize } = statfsSync(folder);
  return blocks * bsize;
}
