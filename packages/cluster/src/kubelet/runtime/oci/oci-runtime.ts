import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { release } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { PodNetwork, PortMapping } from "../../../network/pod-network.ts";
import { runTool, runToolOrFail } from "../../../network/run-tool.ts";
import { KubeletError, messageOf } from "../../kubelet-error.ts";
import type { Container, Pod } from "../../pods/pod.ts";
import { findByArgument, killAndWait } from "../process-identity.ts";
import type { AdoptedContainer, Runtime, Sandbox, SandboxRecord, SandboxRequest } from "../runtime.ts";
import { removeCgroup } from "./cgroup.ts";
import { connectInside } from "./connect-inside.ts";
import { removeMemory, volumesInMemory } from "./memory-volumes.ts";
import { setKernelSettings } from "./kernel-settings.ts";
import { findNamespaces, listNamespaces, makeNamespaces, removeNamespaces } from "./namespaces.ts";
import { adoptOciContainer, discardOciContainer, startOciContainer } from "./oci-container.ts";
import type { OciPlace } from "./oci-place.ts";
import type { SharedNamespaces } from "./oci-spec.ts";
import { endPodProcess, startPodProcess } from "./pod-process.ts";

export interface OciRuntimeOptions {
  readonly place: OciPlace;
  readonly network: PodNetwork;
  readonly nodeAddress: string;
}

/** What a later run has to know of a sandbox; plain JSON. */
interface SandboxDetails {
  readonly uid: string;
  readonly namespaces: SharedNamespaces;
  readonly ports: readonly PortMapping[];
  readonly podProcess?: string;
}

interface SandboxFacts {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly details: SandboxDetails;
  readonly adopted: readonly AdoptedContainer[];
}

/** Runs containers by the machine's OCI engine, and connects their pods by its CNI plugins. */
export async function createOciRuntime(options: OciRuntimeOptions): Promise<Runtime> {
  const { place } = options;
  const known = new Map<string, string>();
  const foundAgain = new Set<string>();
  const make = (facts: SandboxFacts): Sandbox => {
    known.set(facts.id, facts.details.uid);
    return makeSandbox(facts, options, () => known.delete(facts.id));
  };
  return {
    name: "oci",
    version: await engineVersion(place),
    canBeReadOnlyBelow: await knowsDeepReadOnly(place),
    memory: volumesInMemory(place.memoryFolder),
    shortcomings,
    createSandbox: async (request) => {
      const id = randomBytes(32).toString("hex");
      try {
        return make({ ...(await createSandbox(id, request, options)), adopted: [] });
      } catch (error) {
        await removeSandbox(id, { uid: request.pod.metadata.uid, ports: [] }, options);
        throw new KubeletError("sandbox-failed", messageOf(error), error);
      }
    },
    adoptSandbox: async (record) => {
      const details = detailsOf(record);
      if (details === undefined) return undefined;
      const isWhole =
        details.namespaces.network === undefined ||
        (await findNamespaces(place.namespacesFolder, record.id)) !== undefined;
      if (!isWhole) return undefined;
      const adopted: AdoptedContainer[] = [];
      for (const each of record.containers) {
        const running = adoptOciContainer(each, place);
        if (running === undefined) await discardOciContainer(each.id, place);
        else {
          foundAgain.add(each.id);
          adopted.push({ record: each, running });
        }
      }
      if (details.podProcess !== undefined) foundAgain.add(details.podProcess);
      return make({ id: record.id, addresses: record.addresses, details, adopted });
    },
    discard: async (record) => {
      for (const each of record.containers) await discardOciContainer(each.id, place);
      await removeSandbox(record.id, detailsOf(record) ?? { uid: "", ports: [] }, options);
    },
    settle: () => settle({ sandboxes: known, containers: foundAgain }, options),
    close: async () => {
      if (known.size > 0) return;
      removeCgroup(place.cgroup);
      await removeMemory(place.memoryFolder);
      await options.network.close();
    },
  };
}

async function createSandbox(
  id: string,
  request: SandboxRequest,
  { place, network, nodeAddress }: OciRuntimeOptions,
): Promise<Omit<SandboxFacts, "adopted">> {
  const { pod, folder } = request;
  const { spec, metadata } = pod;
  const files = await makeNamespaces(place.namespacesFolder, id);
  await setKernelSettings(spec.securityContext?.sysctls ?? [], files);
  const isOwn = spec.hostNetwork !== true;
  const ports = isOwn ? hostPorts(pod) : [];
  const attached = isOwn ? network.attach({ id, namespace: files.network, ports }) : Promise.resolve([nodeAddress]);
  const sharedMemory = join(place.memoryFolder, metadata.uid, "shared-memory");
  mkdirSync(sharedMemory, { recursive: true, mode: 0o1777 });
  // The mask of this process doesn't count.
  chmodSync(sharedMemory, 0o1777);
  const podProcess = spec.shareProcessNamespace === true ? await startPodProcess(folder, place, files) : undefined;
  const namespaces: SharedNamespaces = {
    network: isOwn ? files.network : undefined,
    ipc: spec.hostIPC === true ? undefined : files.ipc,
    pid: spec.hostPID === true ? "machine" : podProcess === undefined ? "own" : `/proc/${podProcess.pid}/ns/pid`,
    sharedMemory: spec.hostIPC === true ? "/dev/shm" : sharedMemory,
  };
  const details = {
    uid: metadata.uid,
    namespaces,
    ports,
    ...(podProcess === undefined ? {} : { podProcess: podProcess.id }),
  };
  return { id, addresses: await attached, details };
}

function makeSandbox(facts: SandboxFacts, options: OciRuntimeOptions, removed: () => void): Sandbox {
  const { id, addresses, details, adopted } = facts;
  const { place } = options;
  return {
    id,
    addresses,
    adopted,
    details: { oci: details },
    start: (request) => startOciContainer(request, place, details.namespaces),
    connect: (port) => connectTo(port, addresses[0] ?? options.nodeAddress, details.namespaces.network),
    remove: async () => {
      await removeSandbox(id, details, options);
      removed();
    },
  };
}

async function removeSandbox(
  id: string,
  details: Pick<SandboxDetails, "uid" | "ports" | "podProcess">,
  { place, network }: OciRuntimeOptions,
): Promise<void> {
  if (details.podProcess !== undefined) await endPodProcess(details.podProcess, place);
  if (existsSync(join(place.namespacesFolder, id))) {
    // Without its namespace what lies outside of it is given back all the same.
    const found = await findNamespaces(place.namespacesFolder, id);
    await network.detach({ id, namespace: found?.network ?? "", ports: details.ports });
  }
  await removeNamespaces(place.namespacesFolder, id);
  if (details.uid !== "") await removeMemory(join(place.memoryFolder, details.uid));
}

/**
 * What no record stands for: the control process died between making it and writing it down. What may still be starting is stopped first, so
 * that nothing comes up behind the back of this.
 */
async function settle(
  { sandboxes, containers }: { sandboxes: ReadonlyMap<string, string>; containers: ReadonlySet<string> },
  options: OciRuntimeOptions,
): Promise<void> {
  const { place, network } = options;
  const starting = findByArgument(place.stateFolder).filter(
    ({ command }) => !command.some((each) => containers.has(each)),
  );
  await killAndWait(starting.map(({ identity }) => identity));
  const named = starting.flatMap(({ command }) => command.filter((each) => /^[0-9a-f]{64}$/u.test(each)));
  for (const id of new Set([...readdirSync(place.stateFolder), ...named])) {
    if (containers.has(id)) continue;
    await discardOciContainer(id, place);
    removeCgroup(join(place.cgroup, id));
  }
  for (const id of listNamespaces(place.namespacesFolder)) {
    if (!sandboxes.has(id)) await removeSandbox(id, { uid: "", ports: [] }, options);
  }
  const uids = new Set(sandboxes.values());
  for (const uid of readdirSync(place.memoryFolder))
    if (!uids.has(uid)) await removeMemory(join(place.memoryFolder, uid));
  network.forgetOthers(new Set(sandboxes.keys()));
}

async function engineVersion(place: OciPlace): Promise<string> {
  const text = await runToolOrFail([place.tools.engine, "--version"]);
  const name = place.tools.engine.split("/").at(-1) ?? "oci";
  return `oci://${name}-${/version ([^\s]+)/u.exec(text)?.[1] ?? "unknown"}`;
}

/** Engines before runc 1.1 don't say what they know; they don't know this. The kernel does since 5.12. */
async function knowsDeepReadOnly({ tools }: OciPlace): Promise<boolean> {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const { code, stdout } = await runTool([tools.engine, "features"]);
  return code === 0 && stdout.includes('"rro"') && major * 100 + minor >= 512;
}

function detailsOf(record: SandboxRecord): SandboxDetails | undefined {
  const details = record.details?.["oci"];
  // Written by `makeSandbox` into a folder that only this program may read.
  return typeof details === "object" && details !== null ? (details as SandboxDetails) : undefined;
}

function hostPorts(pod: Pod): PortMapping[] {
  const containers: readonly Container[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  return containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, containerPort, protocol = "TCP", hostIP = "" }): PortMapping[] => {
      if (hostPort === 0) return [];
      const address = hostIP === "" || hostIP === "0.0.0.0" ? {} : { hostIP };
      return [{ hostPort, containerPort, protocol: protocol.toLowerCase(), ...address }];
    }),
  );
}

/** A program may listen on the pod's address, or on its loopback alone. */
async function connectTo(port: number, address: string, network: string | undefined): Promise<Duplex> {
  try {
    return await new Promise<Duplex>((resolve, reject) => {
      const socket = connect({ port, host: address });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(socket);
      });
    });
  } catch (error) {
    if (network === undefined) throw error;
    return connectInside(port, network);
  }
}

function shortcomings(pod: Pod): string[] {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const local = containers.some((each) => each.securityContext?.seccompProfile?.type === "Localhost");
  return local ? ["seccomp profiles of files on the machine are not applied"] : [];
}
