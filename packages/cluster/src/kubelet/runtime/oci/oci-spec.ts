import type { Container, Pod, SecurityContext } from "../../pods/pod.ts";
import { withPodLimits } from "../../pods/pod-limits.ts";
import { wholeUnits } from "../../pods/quantity.ts";
import type { ContainerRequest, Mount } from "../runtime.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { cgroupLimits, isUnified } from "./cgroup.ts";
import { defaultSeccomp } from "./seccomp.ts";

/** What a container shares with its pod, as files that stand for namespaces; undefined where it is the machine's. */
export interface SharedNamespaces {
  readonly network: string | undefined;
  readonly ipc: string | undefined;
  /** `own`: each container has one of its own. */
  readonly pid: string | "own" | "machine";
  /** Shared memory of the pod. */
  readonly sharedMemory: string;
}

export interface SpecFacts {
  readonly namespaces: SharedNamespaces;
  readonly cgroupsPath: string;
  readonly ownCapabilities: ReadonlySet<string>;
  readonly architecture: string;
  readonly memoryBytes: number;
}

interface SpecMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

const hiddenPaths = [
  "asound",
  "acpi",
  "kcore",
  "keys",
  "latency_stats",
  "timer_list",
  "timer_stats",
  "sched_debug",
  "scsi",
]
  .map((name) => `/proc/${name}`)
  .concat("/sys/firmware", "/sys/devices/virtual/powercap");
const readOnlyPaths = ["bus", "fs", "irq", "sys", "sysrq-trigger"].map((name) => `/proc/${name}`);

/** The bundle's config.json (runtime-spec 1.0). */
export function containerSpec(request: ContainerRequest, facts: SpecFacts): Record<string, unknown> {
  const { container, pod } = request;
  const context = container.securityContext ?? {};
  const isPrivileged = context.privileged === true;
  const hidesNothing = isPrivileged || context.procMount === "Unmasked";
  return {
    ociVersion: "1.0.2",
    process: processSpec(request, facts),
    root: { path: "rootfs", readonly: context.readOnlyRootFilesystem === true },
    hostname: request.hostname,
    mounts: [...systemMounts(isPrivileged, facts.namespaces), ...request.mounts.map(volumeMount)],
    linux: {
      namespaces: namespacesOf(facts.namespaces),
      cgroupsPath: facts.cgroupsPath,
      resources: {
        ...cgroupLimits(withPodLimits(container, pod)),
        devices: [{ allow: isPrivileged, access: "rwm" }],
      },
      sysctl: sysctlsOf(pod, facts.namespaces),
      ...(hidesNothing ? {} : { maskedPaths: hiddenPaths, readonlyPaths: readOnlyPaths }),
      ...seccompOf(request, facts),
    },
    annotations: { "io.kubernetes.pod.uid": pod.metadata.uid, "io.kubernetes.container.name": container.name },
  };
}

/** Its `process` part, which further commands in the container have too. */
export function processSpec(
  request: Pick<
    ContainerRequest,
    "pod" | "container" | "command" | "environment" | "workingFolder" | "user" | "hostname"
  >,
  facts: Pick<SpecFacts, "ownCapabilities" | "memoryBytes">,
): Record<string, unknown> {
  const { container, pod, user } = request;
  const context = container.securityContext ?? {};
  const capabilities = capabilitiesOf(context, facts.ownCapabilities);
  const adjustment = outOfMemoryScore(pod, container, facts.memoryBytes);
  return {
    terminal: container.tty === true,
    user: { uid: user.uid, gid: user.gid, additionalGids: [...new Set([user.gid, ...user.groups])] },
    args: request.command,
    env: environmentOf(request),
    cwd: request.workingFolder,
    capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    noNewPrivileges: mayNotGainRights(context),
    ...(adjustment > 0 ? { oomScoreAdj: adjustment } : {}),
  };
}

function environmentOf(request: Pick<ContainerRequest, "environment" | "hostname" | "container" | "user">): string[] {
  const given = new Map(request.environment);
  const all = new Map([
    ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ["HOSTNAME", request.hostname],
    ...(request.container.tty === true ? [["TERM", "xterm"] as const] : []),
    ...given,
  ]);
  return [...all].map(([name, value]) => `${name}=${value}`);
}

function mayNotGainRights(context: SecurityContext): boolean {
  if (context.privileged === true) return false;
  const isAdmin = (context.capabilities?.add ?? []).some((name) => /^(?:CAP_)?SYS_ADMIN$/u.test(name));
  return context.allowPrivilegeEscalation === false && !isAdmin;
}

/**
 * Who goes first when the machine runs out of memory: pods that ask for nothing, then those that ask for little of it. Scores below zero,
 * as guaranteed pods have elsewhere, need a right that the control process may lack.
 */
function outOfMemoryScore(pod: Pod, container: Container, memoryBytes: number): number {
  const { qosClass } = pod.status ?? {};
  if (qosClass === "Guaranteed") return 0;
  const request = wholeUnits(container.resources?.requests?.["memory"] ?? "0");
  if (qosClass === "BestEffort") return 1000;
  return Math.min(Math.max(1000 - Math.floor((1000 * request) / memoryBytes), 3), 999);
}

function systemMounts(isPrivileged: boolean, namespaces: SharedNamespaces): SpecMount[] {
  const plain = ["nosuid", "noexec", "nodev"];
  const writable = isPrivileged ? "rw" : "ro";
  const machinesDevices: SpecMount = {
    destination: "/dev",
    type: "bind",
    source: "/dev",
    options: ["rbind", "rprivate"],
  };
  const ownDevices: SpecMount[] = [
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: plain },
  ];
  return [
    { destination: "/proc", type: "proc", source: "proc", options: plain },
    ...(isPrivileged ? [machinesDevices] : ownDevices),
    {
      destination: "/dev/shm",
      type: "bind",
      source: namespaces.sharedMemory,
      options: ["rbind", "rprivate", ...plain],
    },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: [...plain, writable] },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: [...plain, "relatime", writable] },
  ];
}

function volumeMount(mount: Mount): SpecMount {
  return {
    destination: mount.target,
    type: "bind",
    source: mount.source,
    options: ["rbind", mount.propagation ?? "rprivate", accessOf(mount)],
  };
}

function accessOf({ readOnly, isReadOnlyBelow }: Mount): string {
  if (!readOnly) return "rw";
  return isReadOnlyBelow === true ? "rro" : "ro";
}

function namespacesOf({ network, ipc, pid }: SharedNamespaces): { type: string; path?: string }[] {
  return [
    { type: "mount" },
    { type: "uts" },
    ...(isUnified ? [{ type: "cgroup" }] : []),
    ...(network === undefined ? [] : [{ type: "network", path: network }]),
    ...(ipc === undefined ? [] : [{ type: "ipc", path: ipc }]),
    ...(pid === "machine" ? [] : [pid === "own" ? { type: "pid" } : { type: "pid", path: pid }]),
  ];
}

function sysctlsOf(pod: Pod, { network }: SharedNamespaces): Record<string, string> {
  const asked = (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value] as const);
  return Object.fromEntries([
    ...(network === undefined ? [] : [["net.ipv4.ip_unprivileged_port_start", "0"] as const]),
    ...asked,
  ]);
}

function seccompOf({ pod, container }: ContainerRequest, facts: SpecFacts): Record<string, unknown> {
  const context = container.securityContext ?? {};
  if (context.privileged === true) return {};
  const { type } = context.seccompProfile ?? pod.spec.securityContext?.seccompProfile ?? { type: "Unconfined" };
  if (type !== "RuntimeDefault") return {};
  return { seccomp: defaultSeccomp(capabilitiesOf(context, facts.ownCapabilities), facts.architecture) };
}
