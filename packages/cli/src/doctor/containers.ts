import { dirname } from "node:path";
import { finding, type Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

const systemFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];
const cniFolders = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/** What decides whether pods can be real containers here. Only Linux has the parts. */
export async function checkContainers(machine: Machine): Promise<readonly Finding[]> {
  if (machine.platform !== "linux") {
    return [finding("containers", "limited", machine.platform, "pods run as plain processes; containers need Linux")];
  }
  return [
    await checkNamespaces(machine),
    await checkCgroups(machine),
    await checkRuntime(machine),
    await checkCni(machine),
  ];
}

async function checkNamespaces(machine: Machine): Promise<Finding> {
  // Trying is the only honest test: containers, security modules and sysctls each can forbid it.
  const flags = machine.isRoot ? ["--mount", "--net", "--pid", "--fork"] : ["--user", "--map-root-user", "--net"];
  const made = await machine.output("unshare", [...flags, "true"]);
  const who = machine.isRoot ? "as root" : "without root";
  return made === undefined
    ? finding("namespaces", "missing", `not ${who}`, "pods run as plain processes, without networks of their own")
    : finding("namespaces", "ok", who, "pods can have networks and file systems of their own");
}

async function checkCgroups(machine: Machine): Promise<Finding> {
  const controllers = await machine.readText("/sys/fs/cgroup/cgroup.controllers");
  const version = controllers === undefined ? "v1" : "v2";
  const folder = version === "v2" ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  return (await machine.writable(folder))
    ? finding("cgroups", "ok", `${version}, writable`, "memory and CPU limits of pods can be enforced")
    : finding("cgroups", "limited", `${version}, read-only`, "limits of pods are not enforced");
}

async function checkRuntime(machine: Machine): Promise<Finding> {
  for (const program of ["runc", "crun"]) {
    const path = await machine.find(program, systemFolders);
    if (path) return finding("oci runtime", "ok", path, "pods can run as containers");
  }
  return finding(
    "oci runtime",
    "missing",
    "no runc, no crun",
    "pods run as plain processes; for containers install runc",
  );
}

async function checkCni(machine: Machine): Promise<Finding> {
  // "bridge" would find iproute2's program of that name.
  const path = await machine.find("host-local", cniFolders);
  return path
    ? finding("cni plugins", "ok", dirname(path), "pods can have addresses of their own")
    : finding("cni plugins", "missing", "not found", "for containers install containernetworking-plugins");
}
