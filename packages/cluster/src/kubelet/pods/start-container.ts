import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { ContainerLog } from "../logs/container-log.ts";
import type { UnpackedImage } from "../images/image-store.ts";
import type { ContainerRequest, ContainerUser, Mount, RunningContainer, Sandbox } from "../runtime/runtime.ts";
import type { PodVolumes } from "../volumes/pod-volumes.ts";
import { makeEnvironment } from "./environment.ts";
import { containerUser } from "./container-user.ts";
import type { ContainerSlot } from "./container-slot.ts";
import { expandVariables } from "./expand-variables.ts";
import { serviceVariables } from "./service-variables.ts";
import { startBlocked } from "./start-blocked.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

export interface StartRequest {
  readonly pod: Pod;
  readonly slot: ContainerSlot;
  readonly image: UnpackedImage;
  /** How often it has been started before. */
  readonly attempt: number;
  readonly sandbox: Sandbox;
  readonly volumes: PodVolumes;
  readonly services: PodServices;
  readonly hostname: string;
  /** Files of the kubelet's own that every container of the pod gets. */
  readonly ownMounts: readonly Mount[];
  readonly podFolder: string;
  readonly logFolder: string;
}

export interface Started {
  readonly id: string;
  readonly running: RunningContainer;
  readonly log: ContainerLog;
  readonly user: ContainerUser;
  readonly terminationFile: string;
}

/** A container that could not be started by its runtime, after everything for it was ready. */
export class StartFailed extends Error {
  override readonly name = "StartFailed";
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.id = id;
  }
}

/** Puts a container's configuration together and hands it to the runtime. */
export async function startContainer(request: StartRequest): Promise<Started> {
  const { pod, slot, image, sandbox, services } = request;
  const { container } = slot;
  const id = randomBytes(32).toString("hex");
  const folder = join(request.podFolder, "containers", container.name, String(request.attempt));
  const terminationFile = join(folder, "termination-log");
  const prepared = await prepare(request, { folder, terminationFile });
  const logPath = join(request.logFolder, container.name, `${request.attempt}.log`);
  mkdirSync(join(request.logFolder, container.name), { recursive: true });
  const log = new ContainerLog({ path: logPath, now: services.now });
  slot.logs = [...slot.logs.slice(-1), logPath];
  try {
    const running = await sandbox.start({
      pod,
      container,
      id,
      folder,
      image,
      attempt: request.attempt,
      hostname: request.hostname,
      ...namesOf(request),
      ...prepared,
    });
    log.collect(running.stdout, "stdout");
    if (running.stderr !== undefined) log.collect(running.stderr, "stderr");
    return { id, running, log, user: prepared.user, terminationFile };
  } catch (error) {
    log.close();
    throw new StartFailed(id, error);
  }
}

function namesOf({ pod, services }: StartRequest): Pick<ContainerRequest, "names"> {
  const { names, clusterDomain } = services;
  if (names === undefined) return {};
  return { names: { ...names, domain: clusterDomain, namespace: pod.metadata.namespace } };
}

interface Prepared {
  readonly command: readonly string[];
  readonly environment: readonly (readonly [string, string])[];
  readonly workingFolder: string;
  readonly mounts: readonly Mount[];
  readonly user: ContainerUser;
}

async function prepare(request: StartRequest, own: { folder: string; terminationFile: string }): Promise<Prepared> {
  const { pod, slot, image, sandbox, services, volumes } = request;
  const { container } = slot;
  try {
    const facts = { podIps: sandbox.addresses, hostIp: services.nodeAddress, allocatable: services.allocatable };
    const links = pod.spec.enableServiceLinks !== false;
    const given = await makeEnvironment({
      pod,
      container,
      facts,
      config: services.config,
      volumeFolder: (name) => volumes.folderOf(name),
      serviceVariables: serviceVariables(services.services(), pod.metadata.namespace, links),
    });
    const environment = withImage(given, image);
    mkdirSync(own.folder, { recursive: true, mode: 0o700 });
    writeFileSync(own.terminationFile, "");
    chmodSync(own.terminationFile, 0o666);
    const mounts = volumes.mounts(container, given);
    const termination = {
      source: own.terminationFile,
      target: container.terminationMessagePath ?? "/dev/termination-log",
      readOnly: false,
    };
    const shared = request.ownMounts.filter((mount) => !mounts.some((each) => each.target === mount.target));
    return {
      command: commandOf(slot, image, given),
      environment: [...environment],
      workingFolder: container.workingDir ?? (image.config.workingFolder === "" ? "/" : image.config.workingFolder),
      mounts: [...shared, termination, ...mounts],
      user: containerUser(pod, container, image),
    };
  } catch (error) {
    if (!(error instanceof KubeletError)) throw error;
    throw startBlocked("CreateContainerConfigError", error.message);
  }
}

/** The pod's command replaces the image's entry point, its args replace the image's. */
function commandOf(slot: ContainerSlot, image: UnpackedImage, environment: ReadonlyMap<string, string>): string[] {
  const expand = (texts: readonly string[]): string[] =>
    texts.map((text) => expandVariables(text, (name) => environment.get(name)));
  const command = expand(slot.container.command ?? []);
  const args = expand(slot.container.args ?? []);
  if (command.length > 0) return [...command, ...args];
  const whole = [...image.config.entrypoint, ...(args.length > 0 ? args : image.config.command)];
  if (whole.length === 0) throw new KubeletError("start-failed", "no command specified");
  return whole;
}

function withImage(given: ReadonlyMap<string, string>, image: UnpackedImage): Map<string, string> {
  const all = new Map<string, string>();
  for (const line of image.config.environment) {
    const equals = line.indexOf("=");
    if (equals > 0) all.set(line.slice(0, equals), line.slice(equals + 1));
  }
  for (const [name, value] of given) all.set(name, value);
  return all;
}
