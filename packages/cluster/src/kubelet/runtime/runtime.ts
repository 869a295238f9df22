import type { Duplex, Readable, Writable } from "node:stream";
import type { UnpackedImage } from "../images/image-store.ts";
import type { Container, Pod } from "../pods/pod.ts";
import type { NameLookup } from "./name-lookup.ts";

/**
 * What runs containers. Everything above it (order, restarts, probes, volumes, logs, status) is the same for all runtimes; adding one
 * is a file that implements this and a line in `kubelet.ts`.
 */
export interface Runtime {
  readonly name: "process" | "oci";
  /** As shown by `kubectl get nodes -o wide`, e.g. `process://26.10.0`. */
  readonly version: string;
  /** What this pod asks for that is not done here, one sentence each; becomes an event. */
  readonly shortcomings: (pod: Pod) => string[];
  /** Whether a mount can be read-only with all that is mounted below it. */
  readonly canBeReadOnlyBelow?: boolean;
  /** Volumes in memory, where there can be any. */
  readonly memory?: VolumesInMemory;
  readonly createSandbox: (request: SandboxRequest) => Promise<Sandbox>;
  /** Finds again what an earlier run of the control process left; undefined when it is gone. */
  readonly adoptSandbox: (record: SandboxRecord) => Promise<Sandbox | undefined>;
  /** Ends whatever a record stands for. */
  readonly discard: (record: SandboxRecord) => Promise<void>;
  /** All records have been seen: whatever else an earlier run left is ended. */
  readonly settle?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface VolumesInMemory {
  /** Makes the volume of a pod, or finds it again, and answers its folder; it takes so many bytes and no more. */
  readonly make: (uid: string, name: string, bytesMax: number) => Promise<string>;
  /** Removes all of a pod's, which go with its sandbox too. */
  readonly remove: (uid: string) => Promise<void>;
}

export interface SandboxRequest {
  readonly pod: Pod;
  /** The pod's own folder, kept until the pod is gone. */
  readonly folder: string;
  readonly hostname: string;
  /** The text of `/etc/hosts` without the line for the pod itself, and of `/etc/resolv.conf`. */
  readonly resolvConf: string;
}

/** What has to be written down so that a later run can find a sandbox and its containers. Plain JSON. */
export interface SandboxRecord {
  readonly runtime: string;
  readonly folder: string;
  readonly id: string;
  readonly addresses: readonly string[];
  readonly containers: readonly ContainerRecord[];
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly pid: number;
  readonly startTick: number;
  readonly startedAt: string;
  readonly image: string;
  readonly imageId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A pod's network and whatever else its containers share. */
export interface Sandbox {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly start: (request: ContainerRequest) => Promise<RunningContainer>;
  /** Containers that were found again by `adoptSandbox`. */
  readonly adopted: readonly AdoptedContainer[];
  readonly details?: Readonly<Record<string, unknown>>;
  /** A connection to a port of the pod, as seen from inside it. */
  readonly connect: (port: number) => Promise<Duplex>;
  readonly remove: () => Promise<void>;
}

export interface AdoptedContainer {
  readonly record: ContainerRecord;
  readonly running: RunningContainer;
}

export interface ContainerRequest {
  readonly pod: Pod;
  readonly container: Container;
  readonly id: string;
  /** The container's own folder. */
  readonly folder: string;
  readonly image: UnpackedImage;
  readonly command: readonly string[];
  readonly environment: readonly (readonly [string, string])[];
  readonly workingFolder: string;
  readonly mounts: readonly Mount[];
  readonly user: ContainerUser;
  readonly hostname: string;
  readonly attempt: number;
  /** Cluster DNS, where a container can't be given a resolv.conf. */
  readonly names?: NameLookup;
}

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface Mount {
  /** On this machine. */
  readonly source: string;
  /** In the container. */
  readonly target: string;
  readonly readOnly: boolean;
  /** What is mounted below it is read-only too. */
  readonly isReadOnlyBelow?: boolean;
  /** A file of the kubelet's own (hosts, resolv.conf, termination log) rather than a volume of the pod's. */
  readonly own?: boolean;
  /** Whether later mounts below it are seen on the other side; not unless said. */
  readonly propagation?: "rprivate" | "rslave" | "rshared";
}

export interface RunningContainer {
  readonly id: string;
  readonly pid: number;
  readonly startTick: number;
  readonly stdout: Readable;
  /** The same stream as `stdout` where the container has a terminal. */
  readonly stderr: Readable | undefined;
  readonly stdin: Writable | undefined;
  readonly exited: Promise<Exit>;
  /** Sends a signal; a container that is gone is fine. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly exec: (request: ExecRequest) => Promise<ExecSession>;
  readonly resize: (size: TerminalSize) => Promise<void>;
  /** Brings changed requests and limits to the running container, where the runtime enforces them. */
  readonly applyResources?: (container: Container) => Promise<void>;
  readonly usage: () => Promise<Usage | undefined>;
  /** The container goes on without this process, in which nothing waits for it any more: its output is read no further. */
  readonly leave: () => void;
  /** Frees what is left of a container that has exited. */
  readonly release: () => Promise<void>;
  /** For the record: what the runtime needs to find it again. */
  readonly details: () => Readonly<Record<string, unknown>>;
}

export interface Exit {
  /** As a shell counts: 128 + the signal's number for a killed one. */
  readonly code: number;
  readonly reason?: "OOMKilled" | "ContainerStatusUnknown";
}

export interface ExecRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
}

export interface ExecSession {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable | undefined;
  /** `failure` says why the command could not be begun, where the runtime knows. */
  readonly exited: Promise<{ readonly code: number; readonly failure?: string }>;
  readonly resize: (size: TerminalSize) => Promise<void>;
  readonly kill: () => void;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

export interface Usage {
  /** Processor time since the start. */
  readonly cpuNanoseconds: bigint;
  readonly memoryBytes: number;
}
