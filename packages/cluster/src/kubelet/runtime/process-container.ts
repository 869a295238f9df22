import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { ContainerView } from "./container-view.ts";
import { findProgram } from "./find-program.ts";
import type { ProgramStart } from "./find-program.ts";
import { nameLookupVariables } from "./name-lookup.ts";
import { checkPorts } from "./port-check.ts";
import { RawOutput, openForChild } from "./raw-output.ts";
import { findByEnvironment, isAlive, killAndWait, sendSignal, startTickOf } from "./process-identity.ts";
import { letGo } from "./let-go.ts";
import { processUsage } from "./process-usage.ts";
import type {
  ContainerRecord,
  ContainerRequest,
  ExecRequest,
  ExecSession,
  Exit,
  Mount,
  RunningContainer,
} from "./runtime.ts";
import { resizeTerminal, withTerminal } from "./terminal.ts";

/** In the environment of every process of a container, so that none can hide by leaving its group. */
export const containerMark = "FAIRWAY_CONTAINER";
export const podMark = "FAIRWAY_POD";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const adoptedPollMs = 200;

/** Everything needed to start further programs in a container; plain JSON, so that a later run can do so too. */
export interface ProcessPlace {
  readonly folder: string;
  readonly imageRoot: string;
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly tty: boolean;
}

export interface ProcessContainerOptions {
  readonly address: string;
  readonly standIns: Readonly<Record<string, string>>;
}

export async function startProcessContainer(
  request: ContainerRequest,
  options: ProcessContainerOptions,
): Promise<RunningContainer> {
  const root = join(request.folder, "root");
  const view = ContainerView.make(root, request.image.root, request.mounts);
  const place = placeOf(request, view, options);
  const files = { out: join(request.folder, "stdout"), err: join(request.folder, "stderr") };
  const program = programFor(request.command, view, place, options);
  await checkPorts(request.container, options.address);
  const ends = [openForChild(files.out), openForChild(place.tty ? files.out : files.err)] as const;
  const stdin = request.container.stdin === true ? "pipe" : "ignore";
  let child: ChildProcess;
  try {
    child = await spawned(program, place, [stdin, ...ends]);
  } catch (error) {
    throw new KubeletError("start-failed", `failed to start container: ${messageOf(error)}`, error);
  } finally {
    for (const end of ends) closeSync(end);
  }
  const out = new RawOutput(files.out, 0);
  const err = place.tty ? undefined : new RawOutput(files.err, 0);
  const pid = child.pid ?? 0;
  const identity = { pid, startTick: startTickOf(pid) ?? 0 };
  const exited = exitOf(child).then(async (exit) => {
    await sweep(request.id, pid);
    return exit;
  });
  return containerOf(
    { id: request.id, identity, place, view, options, exited, leave: () => letGo(child) },
    { stdout: out, stderr: err, stdin: child.stdin ?? undefined },
  );
}

/** A container that an earlier run of the control process started; its exit code can't be known any more, only that it ended. */
export function adoptProcessContainer(
  record: ContainerRecord,
  options: ProcessContainerOptions,
): RunningContainer | undefined {
  const identity = { pid: record.pid, startTick: record.startTick };
  const place = parsePlace(record.details?.["place"]);
  if (place === undefined || !isAlive(identity)) return undefined;
  const view = ContainerView.reopen(join(place.folder, "root"), place.imageRoot, place.mounts);
  const exited = new Promise<Exit>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(identity)) return;
      clearInterval(timer);
      resolve({ code: 137, reason: "ContainerStatusUnknown" });
    }, adoptedPollMs).unref();
  }).then(async (exit) => {
    await sweep(record.id, record.pid);
    return exit;
  });
  const { out = 0, err = 0 } = positionsOf(record);
  const stdout = new RawOutput(join(place.folder, "stdout"), out);
  const stderr = place.tty ? undefined : new RawOutput(join(place.folder, "stderr"), err);
  const parts = { id: record.id, identity, place, view, options, exited, leave: () => undefined };
  return containerOf(parts, { stdout, stderr, stdin: undefined });
}

/** Ends what a record stands for, whether or not its main process is still there. */
export async function discardProcessContainer(record: ContainerRecord): Promise<void> {
  await killAndWait([{ pid: record.pid, startTick: record.startTick }, ...findByEnvironment(containerMark, record.id)]);
}

interface Parts {
  readonly id: string;
  readonly identity: { readonly pid: number; readonly startTick: number };
  readonly place: ProcessPlace;
  readonly view: ContainerView;
  readonly options: ProcessContainerOptions;
  readonly exited: Promise<Exit>;
  readonly leave: () => void;
}

interface Streams {
  readonly stdout: RawOutput;
  readonly stderr: RawOutput | undefined;
  readonly stdin: RunningContainer["stdin"];
}

function containerOf(parts: Parts, { stdout, stderr, stdin }: Streams): RunningContainer {
  const { id, identity, place, options } = parts;
  const exited = parts.exited.then((exit) => {
    stdout.finish();
    stderr?.finish();
    return exit;
  });
  return {
    id,
    ...identity,
    stdout,
    stderr,
    stdin,
    exited,
    kill: async (signal) => {
      if (!isAlive(identity)) return;
      // A container's main process takes the others along; here its group stands for the container.
      if (signal === "SIGKILL") sendSignal(-identity.pid, "SIGKILL");
      sendSignal(identity.pid, signal);
    },
    exec: (request) => execInPlace(request, parts),
    resize: (size) => (place.tty ? resizeTerminal(identity.pid, size) : Promise.resolve()),
    usage: async () => processUsage(identity.pid),
    leave: () => {
      stdout.destroy();
      stderr?.destroy();
      parts.leave();
    },
    release: async () => {
      stdout.destroy();
      stderr?.destroy();
      await killAndWait(findByEnvironment(containerMark, id));
    },
    details: () => ({
      place,
      address: options.address,
      positions: { out: stdout.position, err: stderr?.position ?? 0 },
    }),
  };
}

async function execInPlace(request: ExecRequest, parts: Parts): Promise<ExecSession> {
  const place = { ...parts.place, tty: request.tty };
  const program = programFor(request.command, parts.view, place, parts.options);
  const child = await spawned(program, place, [request.stdin || request.tty ? "pipe" : "ignore", "pipe", "pipe"]);
  const { stdout, stderr, stdin, pid = 0 } = child;
  if (stdout === null || stderr === null) throw new KubeletError("exec-failed", "the command has no output");
  if (request.tty) stderr.resume();
  return {
    stdin: stdin ?? undefined,
    stdout,
    stderr: request.tty ? undefined : stderr,
    exited: exitOf(child),
    resize: (size) => (request.tty ? resizeTerminal(pid, size) : Promise.resolve()),
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) sendSignal(-pid, "SIGKILL");
    },
  };
}

function placeOf(request: ContainerRequest, view: ContainerView, options: ProcessContainerOptions): ProcessPlace {
  const given = Object.fromEntries(request.environment.map(([name, value]) => [name, view.translate(value)]));
  const searchPath = request.environment.find(([name]) => name === "PATH")?.[1] ?? defaultPath;
  const workingFolder = view.locate(request.workingFolder);
  if (!existsSync(workingFolder)) mkdirSync(workingFolder, { recursive: true });
  return {
    folder: request.folder,
    imageRoot: request.image.root,
    mounts: request.mounts,
    workingFolder,
    tty: request.container.tty === true,
    environment: {
      HOSTNAME: request.hostname,
      HOME: "/",
      TMPDIR: view.locate("/tmp"),
      ...given,
      ...(isAnyAddress(given["HOST"]) ? { HOST: options.address } : {}),
      ...(request.names === undefined ? {} : nameLookupVariables(request.folder, request.names, given["NODE_OPTIONS"])),
      PATH: `${view.searchPath(searchPath)}${standInFolders(options)}`,
      FAIRWAY_ROOT: view.root,
      [containerMark]: request.id,
      [podMark]: request.pod.metadata.uid,
    },
  };
}

/** All addresses are those of all pods here: a program that would listen on them listens on its pod's. */
function isAnyAddress(host: string | undefined): boolean {
  return host === undefined || host === "" || host === "0.0.0.0" || host === "::";
}

function standInFolders({ standIns }: ProcessContainerOptions): string {
  const folders = new Set(Object.values(standIns).map((path) => path.slice(0, path.lastIndexOf("/"))));
  return [...folders].map((folder) => `:${folder}`).join("");
}

function programFor(
  command: readonly string[],
  view: ContainerView,
  place: ProcessPlace,
  options: ProcessContainerOptions,
): ProgramStart {
  const searchPath = defaultPath;
  const { standIns } = options;
  const program = findProgram(command, {
    view,
    searchPath: pathOf(place, view) ?? searchPath,
    workingFolder: place.workingFolder,
    standIns,
  });
  if (!place.tty) return program;
  const [file = "script", ...args] = withTerminal([program.file, ...program.args]);
  return { file, name: file, args };
}

/** The search path as the container knows it: the place's own is translated already. */
function pathOf(place: ProcessPlace, view: ContainerView): string | undefined {
  const folders = (place.environment["PATH"] ?? "").split(":").filter((folder) => folder.startsWith(`${view.root}/`));
  return folders.length === 0 ? undefined : folders.map((folder) => folder.slice(view.root.length)).join(":");
}

type Stdio = "pipe" | "ignore" | number;

async function spawned(
  program: ProgramStart,
  place: ProcessPlace,
  stdio: [Stdio, Stdio, Stdio],
): Promise<ChildProcess> {
  const child = spawn(program.file, [...program.args], {
    argv0: program.name,
    cwd: place.workingFolder,
    env: place.environment,
    stdio,
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return child;
}

function exitOf(child: ChildProcess): Promise<{ readonly code: number }> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
}

/** When the main process ends, so does the container: what it started goes too. */
async function sweep(id: string, pid: number): Promise<void> {
  sendSignal(-pid, "SIGKILL");
  await killAndWait(findByEnvironment(containerMark, id));
}

function positionsOf(record: ContainerRecord): { out?: number; err?: number } {
  const positions = record.details?.["positions"];
  return typeof positions === "object" && positions !== null ? positions : {};
}

function parsePlace(value: unknown): ProcessPlace | undefined {
  if (typeof value !== "object" || value === null || !("imageRoot" in value) || !("folder" in value)) return undefined;
  // Written by this program into a folder that only it may read.
  return value as ProcessPlace;
}
