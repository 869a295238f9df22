import type { Pod } from "../pods/pod.ts";

/** What a pod may set without harm to others: settings that the kernel keeps for each pod. */
const safe: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

/** Why a setting of the kernel that the pod asks for can't be had, in the words of the kubelet. */
export function forbiddenSysctl({ spec }: Pod): string | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const dotted = name.replaceAll("/", ".");
    const shared = dotted.startsWith("net.") ? spec.hostNetwork : spec.hostIPC;
    if (!safe.has(dotted)) return `${JSON.stringify(name)} not allowlisted`;
    if (shared === true) {
      const kind = dotted.startsWith("net.") ? "net" : "ipc";
      return `${JSON.stringify(name)} not allowed with host ${kind} enabled`;
    }
  }
  return undefined;
}
