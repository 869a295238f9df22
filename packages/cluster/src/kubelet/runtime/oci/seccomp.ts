import { callsByCapability, commonCalls } from "./data/system-calls.ts";

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly {
    readonly index: number;
    readonly value: number;
    readonly valueTwo?: number;
    readonly op: string;
  }[];
}

export interface SeccompFilter {
  readonly defaultAction: string;
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly Rule[];
}

const allow = "SCMP_ACT_ALLOW";
const notPermitted = 1;
const notImplemented = 38;
/** Flags of clone(2) by which namespaces are made. */
const namespaceFlags = 0x7e020000;
const vsock = 40;
/** Linux, with and without the flags of old programs; and the question which one it is. */
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  arm64: ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
};

/** `RuntimeDefault`: what is on no list is refused, and what a capability is needed for comes with it. */
export function defaultSeccomp(capabilities: readonly string[], architecture: string): SeccompFilter {
  const rules: Rule[] = [
    { names: commonCalls, action: allow },
    { names: ["ptrace", "process_vm_readv", "process_vm_writev"], action: allow },
    { names: ["socket"], action: allow, args: [{ index: 0, value: vsock, op: "SCMP_CMP_NE" }] },
    ...personalities.map((value): Rule => {
      return { names: ["personality"], action: allow, args: [{ index: 0, value, op: "SCMP_CMP_EQ" }] };
    }),
    ...(architecture === "x64" ? [{ names: ["arch_prctl", "modify_ldt"], action: allow }] : []),
    ...capabilities.flatMap((name): Rule[] => {
      const names = callsByCapability[name];
      return names === undefined ? [] : [{ names, action: allow }];
    }),
  ];
  if (!capabilities.includes("CAP_SYS_ADMIN")) {
    const masked = { index: 0, value: namespaceFlags, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" };
    rules.push(
      { names: ["clone"], action: allow, args: [masked] },
      // Its flags are in memory, where no filter sees them; programs fall back to clone.
      { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: notImplemented },
    );
  }
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: notPermitted,
    architectures: architectures[architecture] ?? [],
    syscalls: rules,
  };
}
