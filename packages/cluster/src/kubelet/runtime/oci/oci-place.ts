import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { totalmem } from "node:os";
import { namesOfSet } from "./capabilities.ts";
import type { OciTools } from "./oci-tools.ts";

/** Where one kubelet's containers keep what the engine and the kernel need, and what it may hand on to them. */
export interface OciPlace {
  readonly tools: OciTools;
  /** Short and the same for every run with the same folder: names of things of the kernel's begin with it. */
  readonly mark: string;
  readonly stateFolder: string;
  readonly namespacesFolder: string;
  /** In memory; gone with the machine. */
  readonly memoryFolder: string;
  readonly cgroup: string;
  readonly ownCapabilities: ReadonlySet<string>;
  readonly memoryBytes: number;
  readonly architecture: string;
}

export function nodeMark(folder: string): string {
  return `fw${createHash("sha256").update(folder).digest("hex").slice(0, 8)}`;
}

export function openOciPlace(folder: string, tools: OciTools): OciPlace {
  const mark = nodeMark(folder);
  const place: OciPlace = {
    tools,
    mark,
    stateFolder: join(folder, "oci", "state"),
    namespacesFolder: join(folder, "oci", "namespaces"),
    memoryFolder: join("/dev/shm", mark),
    cgroup: `/${mark}`,
    ownCapabilities: ownCapabilities(),
    memoryBytes: totalmem(),
    architecture: process.arch,
  };
  for (const each of [place.stateFolder, place.namespacesFolder]) mkdirSync(each, { recursive: true, mode: 0o700 });
  mkdirSync(place.memoryFolder, { recursive: true, mode: 0o711 });
  return place;
}

function ownCapabilities(): Set<string> {
  const bits = /^CapBnd:\s*([0-9a-f]+)$/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return namesOfSet(BigInt(`0x${bits}`));
}
