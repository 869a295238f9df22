import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerLog } from "../logs/container-log.ts";
import type { ContainerRecord, ContainerUser, Sandbox, SandboxRecord } from "../runtime/runtime.ts";
import { resume } from "./container-life.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { Pod, Resources } from "./pod.ts";
import type { PodContext } from "./pod-context.ts";

const fileName = "state.json";

/** What a pod's folder says of what runs: enough for a later run of the control process to take it up, or to end it. */
export interface PodRecord {
  readonly uid: string;
  readonly sandbox: SandboxRecord;
}

export interface RecordInput {
  readonly pod: Pod;
  readonly sandbox: Sandbox;
  readonly slots: readonly ContainerSlot[];
  readonly runtime: string;
}

export function writePodRecord(podFolder: string, { pod, sandbox, slots, runtime }: RecordInput): void {
  if (!existsSync(podFolder)) return;
  const containers = slots.flatMap((slot): ContainerRecord[] => {
    const { active, image } = slot;
    if (active === undefined) return [];
    const { running, startedAt, user, log, resources, imageRoot } = active;
    return [
      {
        id: active.id,
        name: slot.container.name,
        attempt: slot.attempt,
        pid: running.pid,
        startTick: running.startTick,
        startedAt: startedAt.toISOString(),
        image: image?.name ?? slot.container.image,
        imageId: image?.id ?? "",
        details: { ...running.details(), user, resources, imageRoot, logPath: log.path },
      },
    ];
  });
  const record: PodRecord = {
    uid: pod.metadata.uid,
    sandbox: {
      runtime,
      folder: podFolder,
      id: sandbox.id,
      addresses: sandbox.addresses,
      containers,
      ...(sandbox.details === undefined ? {} : { details: sandbox.details }),
    },
  };
  const file = join(podFolder, fileName);
  writeFileSync(`${file}.part`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

export function forgetPod(podFolder: string): void {
  rmSync(join(podFolder, fileName), { force: true });
}

/** What earlier runs wrote down and did not take back. */
export function readPodRecords(podsFolder: string): PodRecord[] {
  if (!existsSync(podsFolder)) return [];
  return readdirSync(podsFolder).flatMap((uid): PodRecord[] => {
    const file = join(podsFolder, uid, fileName);
    if (!existsSync(file)) return [];
    try {
      const record: PodRecord = JSON.parse(readFileSync(file, "utf8"));
      return typeof record.uid === "string" ? [record] : [];
    } catch (error) {
      // Written by rename, so half a file is a damaged disk: there is nothing in it to act on.
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}

/** Connects containers that were found again to the slots of their pod. */
export function resumeContainers(slots: readonly ContainerSlot[], context: PodContext): void {
  for (const { record, running } of context.sandbox.adopted) {
    const slot = slots.find((each) => each.container.name === record.name && each.active === undefined);
    const logPath = record.details?.["logPath"];
    if (slot === undefined || typeof logPath !== "string") {
      void running.kill("SIGKILL");
      continue;
    }
    const log = new ContainerLog({ path: logPath, now: context.services.now });
    log.collect(running.stdout, "stdout");
    if (running.stderr !== undefined) log.collect(running.stderr, "stderr");
    slot.attempt = record.attempt;
    slot.terminated = slot.terminated?.reason === "ContainerStatusUnknown" ? undefined : slot.terminated;
    slot.image = context.services.images.get(record.image);
    slot.logs = [logPath];
    const active = {
      id: record.id,
      running,
      startedAt: new Date(record.startedAt),
      log,
      user: userOf(record),
      imageRoot: imageRootOf(record, slot),
      resources: resourcesOf(record, slot),
    };
    const folder = join(context.podFolder, "containers", record.name, String(record.attempt));
    resume(slot, active, context, join(folder, "termination-log"));
  }
}

function userOf(record: ContainerRecord): ContainerUser {
  const user = record.details?.["user"];
  if (typeof user !== "object" || user === null || !("uid" in user)) return { uid: 0, gid: 0, groups: [] };
  // Written by `writePodRecord` above.
  return user as ContainerUser;
}

function imageRootOf(record: ContainerRecord, slot: ContainerSlot): string {
  const root = record.details?.["imageRoot"];
  return typeof root === "string" ? root : (slot.image?.root ?? "");
}

function resourcesOf(record: ContainerRecord, slot: ContainerSlot): Resources {
  const resources = record.details?.["resources"];
  // Written by `writePodRecord` above.
  return typeof resources === "object" && resources !== null ? resources : (slot.container.resources ?? {});
}
