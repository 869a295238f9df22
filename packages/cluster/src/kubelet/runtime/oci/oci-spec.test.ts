import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "../../pods/pod.ts";
import type { ContainerRequest } from "../runtime.ts";
import { namesOfSet } from "./capabilities.ts";
import { cgroupChange, ranOutOfMemory } from "./cgroup.ts";
import { containerSpec } from "./oci-spec.ts";

interface Spec {
  readonly process: {
    readonly args: string[];
    readonly env: string[];
    readonly capabilities: { readonly bounding: string[] };
    readonly noNewPrivileges: boolean;
    readonly oomScoreAdj?: number;
  };
  readonly root: { readonly readonly: boolean };
  readonly mounts: { readonly destination: string; readonly source: string; readonly options: string[] }[];
  readonly linux: {
    readonly namespaces: { readonly type: string; readonly path?: string }[];
    readonly resources: {
      readonly cpu: Record<string, number>;
      readonly memory?: { readonly limit: number };
      readonly devices: { readonly allow: boolean }[];
    };
    readonly maskedPaths?: string[];
    readonly seccomp?: {
      readonly defaultAction: string;
      readonly syscalls: { readonly names: string[]; readonly action: string }[];
    };
    readonly sysctl: Record<string, string>;
  };
}

const everything = namesOfSet(2n ** 41n - 1n);

function specOf(container: Partial<Container>, pod: Partial<Pod["spec"]> = {}): Spec {
  const whole: Container = { name: "main", image: "localhost/shell:1", ...container };
  const request: ContainerRequest = {
    pod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "default", uid: "u" },
      spec: { containers: [whole], ...pod },
      status: { qosClass: "Burstable" },
    },
    container: whole,
    id: "c1",
    folder: "/pods/u/main/0",
    image: {
      name: "localhost/shell:1",
      id: "sha256:0",
      reference: "localhost/shell@sha256:0",
      root: "/images/0",
      bytes: 0,
      config: {
        user: "",
        environment: [],
        entrypoint: [],
        command: [],
        workingFolder: "/",
        stopSignal: undefined,
        diffIds: [],
      },
    },
    command: ["/bin/sh"],
    environment: [["GREETING", "hello"]],
    workingFolder: "/",
    mounts: [{ source: "/volumes/v", target: "/data", readOnly: true }],
    user: { uid: 1000, gid: 1000, groups: [2000] },
    hostname: "web",
    attempt: 0,
  };
  const facts = {
    namespaces: { network: "/ns/network", ipc: "/ns/ipc", pid: "own", sharedMemory: "/dev/shm/u" },
    cgroupsPath: "/fw/c1",
    ownCapabilities: everything,
    architecture: "x64",
    memoryBytes: 8 * 1024 ** 3,
  } as const;
  return containerSpec(request, facts) as unknown as Spec;
}

test("a container gets the usual capabilities, its own environment and the pod's namespaces", () => {
  const { process, linux, mounts } = specOf({});
  assert.ok(process.capabilities.bounding.includes("CAP_NET_BIND_SERVICE"));
  assert.ok(!process.capabilities.bounding.includes("CAP_SYS_ADMIN"));
  assert.ok(process.env.includes("GREETING=hello") && process.env.includes("HOSTNAME=web"));
  assert.equal(linux.namespaces.find(({ type }) => type === "network")?.path, "/ns/network");
  assert.equal(linux.namespaces.find(({ type }) => type === "pid")?.path, undefined);
  assert.deepEqual(mounts.at(-1)?.options, ["rbind", "rprivate", "ro"]);
  assert.ok(linux.maskedPaths?.includes("/proc/kcore"));
});

test("capabilities are dropped, then added; none that the control process lacks", () => {
  const { process } = specOf({ securityContext: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } } });
  assert.deepEqual(process.capabilities.bounding, ["CAP_NET_ADMIN"]);
  const all = specOf({ securityContext: { capabilities: { add: ["ALL"], drop: ["KILL"] } } });
  assert.equal(all.process.capabilities.bounding.length, 40);
  assert.ok(!all.process.capabilities.bounding.includes("CAP_KILL"));
});

test("a privileged container sees all devices and hides nothing", () => {
  const { linux, process, mounts } = specOf({ securityContext: { privileged: true, allowPrivilegeEscalation: false } });
  assert.equal(process.capabilities.bounding.length, 41);
  assert.equal(process.noNewPrivileges, false);
  assert.equal(linux.maskedPaths, undefined);
  assert.deepEqual(linux.resources.devices, [{ allow: true, access: "rwm" }]);
  assert.equal(mounts.find(({ destination }) => destination === "/dev")?.source, "/dev");
});

test("requests and limits become shares, quota and bytes", () => {
  const resources = { requests: { cpu: "250m" }, limits: { cpu: "1500m", memory: "64Mi" } };
  const { resources: found } = specOf({ resources }).linux;
  assert.deepEqual(found.cpu, { shares: 256, period: 100_000, quota: 150_000 });
  assert.deepEqual(found.memory, { limit: 64 * 1024 ** 2 });
  assert.deepEqual(specOf({}).linux.resources.cpu, { shares: 2, period: 100_000 });
  assert.deepEqual(cgroupChange({ name: "main", image: "x" }).memory, { limit: -1 });
});

test("RuntimeDefault refuses what is on no list and lets a capability bring its calls along", () => {
  const allowed = (container: Partial<Container>): Set<string> => {
    const { seccomp } = specOf(container).linux;
    assert.equal(seccomp?.defaultAction, "SCMP_ACT_ERRNO");
    return new Set(seccomp.syscalls.filter(({ action }) => action === "SCMP_ACT_ALLOW").flatMap(({ names }) => names));
  };
  const seccompProfile = { type: "RuntimeDefault" } as const;
  const plain = allowed({ securityContext: { seccompProfile } });
  assert.ok(plain.has("openat") && plain.has("chroot") && !plain.has("mount") && !plain.has("bpf"));
  const admin = allowed({ securityContext: { seccompProfile, capabilities: { add: ["SYS_ADMIN"] } } });
  assert.ok(admin.has("mount"));
  assert.equal(specOf({}).linux.seccomp, undefined);
});

test("a read-only root, no new privileges and kernel settings are as the pod says", () => {
  const sysctls = [{ name: "kernel.shm_rmid_forced", value: "1" }];
  const container = { securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } };
  const { root, process, linux } = specOf(container, { securityContext: { sysctls } });
  assert.equal(root.readonly, true);
  assert.equal(process.noNewPrivileges, true);
  assert.deepEqual(linux.sysctl, { "net.ipv4.ip_unprivileged_port_start": "0", "kernel.shm_rmid_forced": "1" });
});

test("the kernel's count says whether memory ran out", () => {
  assert.equal(ranOutOfMemory("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"), true);
  assert.equal(ranOutOfMemory("low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n"), false);
});
