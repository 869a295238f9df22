import { randomBytes } from "node:crypto";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { isSidecar } from "../pods/pod.ts";
import type { Container, Pod } from "../pods/pod.ts";
import type { LoopbackBlock } from "./loopback-block.ts";
import { adoptProcessContainer, discardProcessContainer, podMark, startProcessContainer } from "./process-container.ts";
import { findByEnvironment, killAndWait } from "./process-identity.ts";
import type { AdoptedContainer, Runtime, Sandbox, SandboxRecord } from "./runtime.ts";

export interface ProcessRuntimeOptions {
  /** Pods of another kubelet on this machine get other addresses. */
  readonly block: LoopbackBlock;
  readonly nodeAddress: string;
  readonly standIns: Readonly<Record<string, string>>;
}

/** Runs a container as a child process, with an own loopback address for its pod. Works without root, wherever Node.js does. */
export async function createProcessRuntime(options: ProcessRuntimeOptions): Promise<Runtime> {
  const addresses = new LoopbackAddresses(options.block, await hasWholeLoopback());
  const make = (address: string, uid: string, id: string, adopted: readonly AdoptedContainer[]): Sandbox => ({
    id,
    addresses: [address],
    adopted,
    details: { uid },
    start: (request) => startProcessContainer(request, { address, standIns: options.standIns }),
    connect: (port) => connectTo(port, address),
    remove: async () => {
      await killAndWait(findByEnvironment(podMark, uid));
      addresses.free(address);
    },
  });
  return {
    name: "process",
    version: `process://${process.versions.node}`,
    shortcomings,
    createSandbox: async ({ pod }) => {
      const address = pod.spec.hostNetwork === true ? options.nodeAddress : addresses.take();
      return make(address, pod.metadata.uid, randomBytes(32).toString("hex"), []);
    },
    adoptSandbox: async (record) => {
      const [address] = record.addresses;
      if (address === undefined) return undefined;
      const adopted: AdoptedContainer[] = [];
      for (const each of record.containers) {
        const running = adoptProcessContainer(each, { address, standIns: options.standIns });
        if (running === undefined) await discardProcessContainer(each);
        else adopted.push({ record: each, running });
      }
      addresses.keep(address);
      return make(address, uidOf(record), record.id, adopted);
    },
    discard: async (record) => {
      for (const each of record.containers) await discardProcessContainer(each);
      await killAndWait(findByEnvironment(podMark, uidOf(record)));
    },
    close: async () => addresses.close(),
  };
}

function uidOf(record: SandboxRecord): string {
  const uid = record.details?.["uid"];
  return typeof uid === "string" ? uid : record.id;
}

/** Loopback addresses 127.x.y.z; where the system has but 127.0.0.1, all pods share it. */
class LoopbackAddresses {
  readonly #taken = new Set<string>();
  readonly #block: LoopbackBlock;
  readonly #whole: boolean;
  #next = 1;

  constructor(block: LoopbackBlock, whole: boolean) {
    this.#block = block;
    this.#whole = whole;
  }

  take(): string {
    if (!this.#whole) return "127.0.0.1";
    for (;;) {
      const number = this.#next;
      this.#next = (this.#next % 65_000) + 1;
      const address = `127.${this.#block.pods}.${number >> 8}.${number & 255}`;
      if ((number & 255) === 255 || (number & 255) === 0 || this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
  }

  keep(address: string): void {
    this.#taken.add(address);
  }

  free(address: string): void {
    this.#taken.delete(address);
  }

  /** Pods that go on keep their addresses from everybody else. */
  close(): void {
    if (this.#taken.size === 0) this.#block.release();
  }
}

async function hasWholeLoopback(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(0, "127.64.0.1", () => server.close(() => resolve(true)));
  });
}

/** A program may have bound the pod's address or (not knowing of `HOST`) every address. */
async function connectTo(port: number, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: address });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** What a child process can't give a pod. */
function shortcomings(pod: Pod): string[] {
  const { spec } = pod;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const asks = (test: (container: Container) => boolean): boolean => containers.some(test);
  const rules: (readonly [boolean, string])[] = [
    [
      process.platform !== "linux",
      `programs for Linux can't run here: those of Node.js run by this machine's Node.js ${process.versions.node}, others not at all`,
    ],
    [asks((each) => each.resources?.limits !== undefined), "resource limits are not enforced"],
    [asksForUser(spec, containers), "containers run as the user of the control process, not as the user asked for"],
    [asks((each) => each.securityContext?.privileged === true), "a privileged container gets no further rights"],
    [asks((each) => each.securityContext?.capabilities !== undefined), "capabilities are not changed"],
    [asks((each) => each.securityContext?.readOnlyRootFilesystem === true), "the root file system is not read-only"],
    [
      asks((each) =>
        (each.volumeMounts ?? []).some((mount) => mount.readOnly === true && !isTokenMount(mount.mountPath)),
      ),
      "read-only mounts can be written to",
    ],
    [
      asks((each) => (each.ports ?? []).some((port) => port.hostPort !== undefined)) && spec.hostNetwork !== true,
      "host ports are not published",
    ],
    [spec.shareProcessNamespace === true || spec.hostPID === true, "there are no process namespaces"],
    [
      (spec.hostAliases ?? []).length > 0 || spec.dnsConfig !== undefined,
      "names are resolved by the machine, not by the pod's settings",
    ],
    [
      containers.some((each) => !isSidecar(each) && each.securityContext?.seccompProfile !== undefined),
      "seccomp profiles are not applied",
    ],
  ];
  return rules.filter(([applies]) => applies).map(([, text]) => text);
}

function isTokenMount(path: string): boolean {
  return path.startsWith("/var/run/secrets/kubernetes.io/");
}

function asksForUser(spec: Pod["spec"], containers: readonly Container[]): boolean {
  const asksUser = (context: { runAsUser?: number; runAsGroup?: number } | undefined): boolean =>
    context?.runAsUser !== undefined || context?.runAsGroup !== undefined;
  return asksUser(spec.securityContext) || containers.some((each) => asksUser(each.securityContext));
}
