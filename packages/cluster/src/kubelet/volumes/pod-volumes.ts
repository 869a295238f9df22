import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { KubeClient } from "@fairway/kube-client";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { resolveInRoot } from "../images/root-path.ts";
import { expandVariables } from "../pods/expand-variables.ts";
import type { Container, Pod, Volume, VolumeMount } from "../pods/pod.ts";
import type { Mount } from "../runtime/runtime.ts";
import { writeAtomically } from "./atomic-folder.ts";
import { findClaimFolder } from "./claim-folder.ts";
import { prepareHostPath } from "./host-path.ts";
import { memoryVolumeBytes } from "./memory-size.ts";
import { isReadOnlyBelow, propagationOf } from "./mount-mode.ts";
import { projectedFiles } from "./projection.ts";
import type { ProjectionRequest } from "./projection.ts";

export interface PodVolumesOptions {
  readonly client: KubeClient;
  /** `PODS/UID/volumes` */
  readonly folder: string;
  /** Claims whose volume is a folder of the kubelet's own lie here. */
  readonly claimsFolder: string;
  /** What the runtime can do. */
  readonly canBeReadOnlyBelow?: boolean;
  /** Makes one of the pod's volumes in memory, where the runtime can; answers its folder. */
  readonly inMemory?: (name: string, bytesMax: number) => Promise<string>;
  readonly now: () => Date;
}

/** The volumes of one pod: folders on this machine, made before its containers start and kept up to date while they run. */
export class PodVolumes {
  readonly #options: PodVolumesOptions;
  readonly #places = new Map<string, string>();
  readonly #readOnly = new Set<string>();

  constructor(options: PodVolumesOptions) {
    this.#options = options;
  }

  /** Makes all volumes; the failure of one names it, in the words of the kubelet. */
  async prepare(request: ProjectionRequest): Promise<void> {
    for (const volume of request.pod.spec.volumes ?? []) {
      // Got with the images of the containers.
      if (volume.image !== undefined) continue;
      try {
        this.#places.set(volume.name, await this.#prepareOne(volume, request));
      } catch (error) {
        throw new KubeletError("volume-failed", failureText(volume, request.pod, error), error);
      }
    }
  }

  /** Brings changed ConfigMaps, Secrets and tokens into the volumes; answers whether a file changed. */
  async refresh(request: ProjectionRequest): Promise<boolean> {
    let changed = false;
    for (const volume of request.pod.spec.volumes ?? []) {
      const files = await projectedFiles(volume, request);
      const place = this.#places.get(volume.name);
      if (files === undefined || place === undefined) continue;
      changed = writeAtomically(place, files, { now: this.#options.now, group: groupOf(request.pod) }) || changed;
    }
    return changed;
  }

  /** Where a volume is on this machine. */
  folderOf(name: string): string | undefined {
    return this.#places.get(name);
  }

  /** A volume that is somewhere already, and that nobody writes to. */
  place(name: string, folder: string): void {
    this.#places.set(name, folder);
    this.#readOnly.add(name);
  }

  /** What a container mounts. */
  mounts(container: Container, variables: ReadonlyMap<string, string>): Mount[] {
    return (container.volumeMounts ?? []).map((mount) => {
      const place = this.#places.get(mount.name);
      if (place === undefined)
        throw new KubeletError("volume-failed", `there is no volume ${JSON.stringify(mount.name)}`);
      const subPath =
        mount.subPathExpr === undefined || mount.subPathExpr === ""
          ? (mount.subPath ?? "")
          : expandVariables(mount.subPathExpr, (name) => variableOf(variables, name));
      const source =
        subPath === ""
          ? place
          : subPathSource(place, subPath, { mount, container, isFixed: this.#readOnly.has(mount.name) });
      return {
        source,
        target: mount.mountPath,
        readOnly: mount.readOnly === true || this.#readOnly.has(mount.name),
        isReadOnlyBelow: isReadOnlyBelow(mount, this.#options.canBeReadOnlyBelow === true),
        ...propagationOf(mount),
      };
    });
  }

  remove(): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  async #prepareOne(volume: Volume, request: ProjectionRequest): Promise<string> {
    const files = await projectedFiles(volume, request);
    if (files !== undefined) {
      const place = this.#own(pluginOf(volume), volume.name);
      const isNew = !existsSync(place);
      writeAtomically(place, files, { now: this.#options.now, group: groupOf(request.pod) });
      if (isNew) {
        // As where they are: on disk, or in a file system in memory. Nobody but the pod's own programs can reach it.
        chmodSync(place, volume.configMap === undefined ? 0o1777 : 0o777);
        giveToGroup(place, groupOf(request.pod));
      }
      return place;
    }
    if (volume.emptyDir !== undefined) return this.#emptyFolder(volume, request);
    if (volume.hostPath !== undefined) {
      prepareHostPath(volume.hostPath.path, volume.hostPath.type ?? "");
      return volume.hostPath.path;
    }
    const claim = volume.persistentVolumeClaim?.claimName ?? claimOfEphemeral(volume, request.pod);
    if (claim !== undefined) {
      const place = await findClaimFolder(claim, request.pod, this.#options);
      giveToGroup(place, groupOf(request.pod));
      return place;
    }
    if (volume.csi !== undefined) {
      const missing = `driver name ${volume.csi.driver} not found in the list of registered CSI drivers`;
      throw new KubeletError(
        "volume-failed",
        `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${missing}`,
      );
    }
    throw new KubeletError("volume-failed", `volumes of the kind ${kindOf(volume)} are not supported`);
  }

  async #emptyFolder(volume: Volume, { pod, facts }: ProjectionRequest): Promise<string> {
    const place = emptyDirFolder(this.#options.folder, volume.name);
    // A link that leads nowhere is left of a machine that has been started anew since.
    if (existsSync(place)) return place;
    const { inMemory } = this.#options;
    if (volume.emptyDir?.medium === "Memory" && inMemory !== undefined) {
      const folder = await inMemory(volume.name, memoryVolumeBytes(volume, pod, facts.allocatable["memory"] ?? "0"));
      mkdirSync(dirname(place), { recursive: true });
      rmSync(place, { force: true });
      symlinkSync(folder, place);
    } else {
      mkdirSync(place, { recursive: true });
      chmodSync(place, 0o777);
    }
    giveToGroup(place, groupOf(pod));
    return place;
  }

  #own(plugin: string, name: string): string {
    return join(this.#options.folder, plugin, name);
  }
}

/** Where an emptyDir of a pod is; a link where it is in memory. */
export function emptyDirFolder(volumesFolder: string, name: string): string {
  return join(volumesFolder, "kubernetes.io~empty-dir", name);
}

function failureText(volume: Volume, pod: Pod, error: unknown): string {
  const { name } = volume;
  if (!(error instanceof KubeletError) || error.code !== "claim-unusable")
    return `MountVolume.SetUp failed for volume ${JSON.stringify(name)} : ${messageOf(error)}`;
  const claim = volume.persistentVolumeClaim?.claimName ?? claimOfEphemeral(volume, pod) ?? "";
  const volumes = `unmounted volumes=[${name}], unattached volumes=[], failed to process volumes=[${name}]`;
  return `Unable to attach or mount volumes: ${volumes}: error processing PVC ${pod.metadata.namespace}/${claim}: ${error.message}`;
}

function pluginOf(volume: Volume): string {
  if (volume.configMap !== undefined) return "kubernetes.io~configmap";
  if (volume.secret !== undefined) return "kubernetes.io~secret";
  return volume.downwardAPI === undefined ? "kubernetes.io~projected" : "kubernetes.io~downward-api";
}

function kindOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== "name") ?? "unknown";
}

function claimOfEphemeral(volume: Volume, pod: Pod): string | undefined {
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`;
}

function groupOf(pod: Pod): number | undefined {
  return process.getuid?.() === 0 ? pod.spec.securityContext?.fsGroup : undefined;
}

function giveToGroup(folder: string, group: number | undefined): void {
  if (group === undefined) return;
  chownSync(folder, -1, group);
  chmodSync(folder, statSync(folder).mode | 0o2770);
}

/** A path is made of what is known, or not at all. */
function variableOf(variables: ReadonlyMap<string, string>, name: string): string {
  const value = variables.get(name);
  if (value === undefined) throw new KubeletError("config-missing", `missing value for ${name}`);
  return value;
}

interface SubPathOwner {
  readonly mount: VolumeMount;
  readonly container: Container;
  /** The volume is what it is. */
  readonly isFixed: boolean;
}

/** A path inside a volume; links in it must not lead out of the volume. A missing folder is made. */
function subPathSource(place: string, subPath: string, { mount, container, isFixed }: SubPathOwner): string {
  const text = `failed to prepare subPath for volumeMount ${JSON.stringify(mount.name)} of container ${JSON.stringify(container.name)}`;
  if (subPath.startsWith("/"))
    throw new KubeletError("volume-failed", `error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split("/").includes(".."))
    throw new KubeletError("volume-failed", `unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  const wanted = normalize(subPath);
  const root = realpathSync(place);
  const found = resolveInRoot(root, join(root, wanted));
  if (found === undefined) throw new KubeletError("volume-failed", text);
  try {
    const isThere = lstatSync(found, { throwIfNoEntry: false }) !== undefined;
    if (!isThere && isFixed) throw new KubeletError("volume-failed", text);
    if (!isThere) mkdirSync(found, { recursive: true, mode: 0o750 });
  } catch (error) {
    throw new KubeletError("volume-failed", text, error);
  }
  return found;
}
