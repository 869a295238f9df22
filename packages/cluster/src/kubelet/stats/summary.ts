import { statfsSync } from "node:fs";
import type { PodManager } from "../pod-manager.ts";
import { seconds } from "../pods/container-status.ts";
import type { FolderUsage } from "./folder-usage.ts";
import { podStorage } from "./pod-storage.ts";
import type { PodStorage } from "./pod-storage.ts";
import type { ContainerUsage, PodUsage, UsageSource } from "./usage-report.ts";

/** `/stats/summary`: what the node and its pods use of processors, memory and the disk. */
export async function summary(source: UsageSource, manager: PodManager, folder: string): Promise<unknown> {
  const node = source.node();
  const time = seconds(node.time);
  const disk = diskOf(folder);
  const pods: unknown[] = [];
  for (const pod of await source.pods(manager)) {
    const worker = manager.find(pod.namespace, pod.name);
    const storage = worker === undefined ? undefined : await podStorage(worker);
    pods.push(podSummary(pod, storage, disk));
  }
  return {
    node: {
      nodeName: source.nodeName,
      cpu: {
        time,
        usageNanoCores: Number(node.cpuNanocores),
        usageCoreNanoSeconds: Number(node.cpuNanoseconds),
      },
      memory: { time, usageBytes: node.memoryBytes, workingSetBytes: node.memoryBytes },
      fs: { time, ...disk, ...usedOf(folder) },
    },
    pods,
  };
}

type Disk = ReturnType<typeof diskOf>;

function podSummary(pod: PodUsage, storage: PodStorage | undefined, disk: Disk): unknown {
  const time = seconds(pod.time);
  const onDisk = (usage: FolderUsage) => ({ time, ...disk, usedBytes: usage.bytes, inodesUsed: usage.files });
  return {
    podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
    startTime: seconds(pod.containers[0]?.startedAt ?? pod.time),
    containers: pod.containers.map((container) => {
      const own = storage?.containers.find(({ name }) => name === container.name);
      const files = own === undefined ? {} : { rootfs: onDisk(own.root), logs: onDisk(own.logs) };
      return { ...containerSummary(container, time), ...files };
    }),
    ...(storage === undefined
      ? {}
      : {
          volume: storage.volumes.map((volume) => ({ ...onDisk(volume), name: volume.name })),
          "ephemeral-storage": onDisk(storage),
        }),
  };
}

function containerSummary(container: ContainerUsage, time: string): Record<string, unknown> {
  return {
    name: container.name,
    startTime: seconds(container.startedAt),
    cpu: {
      time,
      usageNanoCores: Number(container.cpuNanocores),
      usageCoreNanoSeconds: Number(container.cpuNanoseconds),
    },
    memory: { time, usageBytes: container.memoryBytes, workingSetBytes: container.memoryBytes },
  };
}

function usedOf(folder: string): Record<"usedBytes" | "inodesUsed", number> {
  const { blocks, bfree, bsize, files, ffree } = statfsSync(folder);
  return { usedBytes: (blocks - bfree) * bsize, inodesUsed: files - ffree };
}

function diskOf(folder: string): Record<"availableBytes" | "capacityBytes" | "inodesFree" | "inodes", number> {
  const { blocks, bavail, bsize, files, ffree } = statfsSync(folder);
  return { availableBytes: bavail * bsize, capacityBytes: blocks * bsize, inodesFree: ffree, inodes: files };
}
