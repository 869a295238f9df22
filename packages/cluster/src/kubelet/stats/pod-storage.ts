import { join } from "node:path";
import type { PodWorker } from "../pods/pod-worker.ts";
import { emptyDirFolder } from "../volumes/pod-volumes.ts";
import { folderUsage } from "./folder-usage.ts";
import type { FolderUsage } from "./folder-usage.ts";

export interface ContainerStorage {
  readonly name: string;
  readonly logs: FolderUsage;
  /** What it wrote over its image. */
  readonly root: FolderUsage;
}

export interface VolumeStorage extends FolderUsage {
  readonly name: string;
}

/** What a pod has on the node's disk and loses with its end. */
export interface PodStorage {
  readonly containers: readonly ContainerStorage[];
  /** Of emptyDir, in memory too. */
  readonly volumes: readonly VolumeStorage[];
  /** Containers and volumes on disk together. */
  readonly bytes: number;
  readonly files: number;
}

/** Looks through the folders of a pod. */
export async function podStorage(worker: PodWorker): Promise<PodStorage> {
  const { folder, logFolder, pod, slots } = worker;
  const containers: ContainerStorage[] = [];
  for (const { container, attempt } of slots) {
    const { name } = container;
    const own = join(folder, "containers", name, String(attempt));
    const written = [await folderUsage(join(own, "upper")), await folderUsage(join(own, "root"))];
    containers.push({ name, logs: await folderUsage(join(logFolder, name)), root: sum(written) });
  }
  const volumes: VolumeStorage[] = [];
  const onDisk: FolderUsage[] = [];
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    if (emptyDir === undefined) continue;
    const usage = await folderUsage(emptyDirFolder(join(folder, "volumes"), name));
    volumes.push({ name, ...usage });
    if ((emptyDir.medium ?? "") === "") onDisk.push(usage);
  }
  return { containers, volumes, ...sum([...containers.flatMap(({ logs, root }) => [logs, root]), ...onDisk]) };
}

function sum(usages: readonly FolderUsage[]): FolderUsage {
  return {
    bytes: usages.reduce((total, { bytes }) => total + bytes, 0),
    files: usages.reduce((total, { files }) => total + files, 0),
  };
}
