import type { SecurityContext } from "../../pods/pod.ts";

/** What containers may do without asking. */
const defaults = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
];

/** In the order of their numbers in the kernel. */
const all = [
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE",
  "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN",
  "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE",
  "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE",
]
  .join(" ")
  .split(" ");

/** The capabilities of a container; no more than the control process has itself. */
export function capabilitiesOf(context: SecurityContext, own: ReadonlySet<string>): string[] {
  const { add = [], drop = [] } = context.capabilities ?? {};
  let names = new Set(context.privileged === true ? all : defaults);
  if (drop.some(isAll)) names = new Set();
  if (add.some(isAll)) names = new Set(all);
  for (const name of drop) names.delete(bare(name));
  for (const name of add) if (all.includes(bare(name))) names.add(bare(name));
  return [...names].map((name) => `CAP_${name}`).filter((name) => own.has(name));
}

/** From the hexadecimal set of /proc/self/status. */
export function namesOfSet(bits: bigint): Set<string> {
  return new Set(all.filter((_, number) => ((bits >> BigInt(number)) & 1n) === 1n).map((name) => `CAP_${name}`));
}

function isAll(name: string): boolean {
  return name.toUpperCase() === "ALL";
}

function bare(name: string): string {
  return name.toUpperCase().replace(/^CAP_/u, "");
}
