import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../kubelet-error.ts";
import type { Mount } from "../runtime/runtime.ts";
import { podDomain, podHostname, resolverConfiguration, writeHostsFile } from "./pod-files.ts";
import type { ResolverText } from "./pod-files.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

/** A pod's resolv.conf on this machine. */
export function resolverOf(pod: Pod, services: PodServices): ResolverText {
  return resolverConfiguration({ pod, ...services, machine: machineFile("/etc/resolv.conf") });
}

export interface OwnFilesRequest {
  readonly pod: Pod;
  readonly podFolder: string;
  /** As the kernel has it. */
  readonly hostname: string;
  readonly nodeName: string;
  readonly resolvConf: string;
  readonly addresses: readonly string[];
  readonly clusterDomain: string;
}

/** Writes the files that every container of a pod gets from the kubelet, and answers where they are mounted. */
export function writeOwnFiles(request: OwnFilesRequest): Mount[] {
  const { pod, podFolder, hostname, nodeName, resolvConf, addresses, clusterDomain } = request;
  mkdirSync(podFolder, { recursive: true, mode: 0o700 });
  const hosts = writeHostsFile(podFolder, {
    pod,
    hostname: podHostname(pod, nodeName),
    addresses,
    domain: podDomain(pod, clusterDomain),
    machine: machineFile("/etc/hosts"),
  });
  const resolver = join(podFolder, "resolv.conf");
  const name = join(podFolder, "hostname");
  writeFileSync(resolver, resolvConf, { mode: 0o644 });
  writeFileSync(name, `${hostname}\n`, { mode: 0o644 });
  return [
    { source: hosts, target: "/etc/hosts", readOnly: false, own: true },
    { source: resolver, target: "/etc/resolv.conf", readOnly: false, own: true },
    { source: name, target: "/etc/hostname", readOnly: false, own: true },
  ];
}

function machineFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return "";
    throw error;
  }
}
