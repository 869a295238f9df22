import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Writable } from "node:stream";
import { runTool, runToolOrFail } from "../../../network/run-tool.ts";
import { KubeletError, messageOf } from "../../kubelet-error.ts";
import { startPollMs } from "../../limits.ts";
import type { Container } from "../../pods/pod.ts";
import { isAlive, killAndWait, sendSignal, startTickOf } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { letGo } from "../let-go.ts";
import { RawOutput } from "../raw-output.ts";
import type { ContainerRecord, ContainerRequest, Exit, RunningContainer } from "../runtime.ts";
import { resizeTerminal } from "../terminal.ts";
import { cgroupChange, cgroupUsage, membersOf, outOfMemoryFile, ranOutOfMemory } from "./cgroup.ts";
import { shimScript } from "./container-shim.ts";
import { execInContainer } from "./oci-exec.ts";
import type { OciPlace } from "./oci-place.ts";
import { containerSpec } from "./oci-spec.ts";
import type { SharedNamespaces } from "./oci-spec.ts";

const adoptedPollMs = 200;

/** What of a container has to be remembered to go on with it; plain JSON. */
interface OciDetails {
  readonly folder: string;
  readonly tty: boolean;
  readonly shim: ProcessIdentity;
  readonly positions: { readonly out: number; readonly err: number };
}

/** Makes a bundle of a container and has the engine run it. */
export async function startOciContainer(
  request: ContainerRequest,
  place: OciPlace,
  namespaces: SharedNamespaces,
): Promise<RunningContainer> {
  const { folder, container, id } = request;
  writeBundle(request, place, namespaces);
  const shim = spawn("unshare", shimCommand(request, place), {
    stdio: [container.stdin === true ? "pipe" : "ignore", "ignore", openAnd(join(folder, "shim.log"))],
    detached: true,
    cwd: folder,
  });
  const over = new Promise<void>((resolve, reject) => {
    shim.once("exit", () => resolve());
    shim.once("error", reject);
  });
  const pid = await pidIn(folder, over);
  if (pid === undefined) {
    // With the words that container engines put around those of runc: people search for them.
    const why = failureIn(folder).replace(/^runc run failed: /u, "runc create failed: ");
    const text = `failed to create shim task: OCI runtime create failed: ${why}: unknown`;
    throw new KubeletError("start-failed", `failed to create containerd task: ${text}`);
  }
  const identity = { pid, startTick: startTickOf(pid) ?? 0 };
  const shimIdentity = { pid: shim.pid ?? 0, startTick: startTickOf(shim.pid ?? 0) ?? 0 };
  const details = { folder, tty: container.tty === true, shim: shimIdentity, positions: { out: 0, err: 0 } };
  const stdin = shim.stdin ?? undefined;
  return containerOf({ id, place, identity, details, over, stdin, leave: () => letGo(shim) });
}

/** A container that goes on from an earlier run of the control process; its shim writes down how it ends. */
export function adoptOciContainer(record: ContainerRecord, place: OciPlace): RunningContainer | undefined {
  const details = record.details?.["oci"];
  if (typeof details !== "object" || details === null || !("folder" in details)) return undefined;
  // Written by `details` below into a folder that only this program may read.
  const known = details as OciDetails;
  const identity = { pid: record.pid, startTick: record.startTick };
  if (!isAlive(known.shim) && !existsSync(join(known.folder, "exit"))) return undefined;
  const over = (async (): Promise<void> => {
    while (isAlive(known.shim)) await delay(adoptedPollMs, undefined, { ref: false });
  })();
  return containerOf({
    id: record.id,
    place,
    identity,
    details: known,
    over,
    stdin: undefined,
    leave: () => undefined,
  });
}

/** Ends what is left of a container, known or not. */
export async function discardOciContainer(id: string, place: OciPlace): Promise<void> {
  const { engine } = place.tools;
  await runTool([engine, "--root", place.stateFolder, "delete", "--force", id]);
  // Where the engine has lost sight of it, the kernel still knows who belongs to it.
  const left = membersOf(join(place.cgroup, id)).map((pid) => ({ pid, startTick: startTickOf(pid) ?? 0 }));
  await killAndWait(left);
  rmSync(join(place.stateFolder, id), { recursive: true, force: true });
}

interface Parts {
  readonly id: string;
  readonly place: OciPlace;
  readonly identity: ProcessIdentity;
  readonly details: OciDetails;
  /** The shim has gone. */
  readonly over: Promise<void>;
  readonly stdin: Writable | undefined;
  readonly leave: () => void;
}

function containerOf({ id, place, identity, details, over, stdin, leave }: Parts): RunningContainer {
  const { folder, tty, positions, shim } = details;
  const stdout = new RawOutput(join(folder, "stdout"), positions.out);
  const stderr = tty ? undefined : new RawOutput(join(folder, "stderr"), positions.err);
  const exited = over
    .then(() => exitIn(folder))
    .then((exit) => {
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
      if (isAlive(identity)) sendSignal(identity.pid, signal);
    },
    exec: (request) => execInContainer(request, { id, place, folder }),
    resize: async (size) => {
      const terminal = tty ? await terminalHolder(shim.pid) : undefined;
      if (terminal !== undefined) await resizeTerminal(terminal, size);
    },
    applyResources: (container) => applyResources(id, place, container),
    usage: async () => cgroupUsage(join(place.cgroup, id)),
    leave: () => {
      stdout.destroy();
      stderr?.destroy();
      leave();
    },
    release: async () => {
      stdout.destroy();
      stderr?.destroy();
      await discardIfLeft(id, place);
    },
    details: () => ({
      oci: { folder, tty, shim, positions: { out: stdout.position, err: stderr?.position ?? 0 } } satisfies OciDetails,
    }),
  };
}

/** The container's process number once it runs; undefined when its shim ended before that. */
async function pidIn(folder: string, over: Promise<void>): Promise<number | undefined> {
  const path = join(folder, "pid");
  for (;;) {
    const hasEnded = await Promise.race([over.then(() => true), delay(startPollMs, false)]);
    const pid = readNumber(path);
    if (pid !== undefined || hasEnded) return pid;
  }
}

async function discardIfLeft(id: string, place: OciPlace): Promise<void> {
  if (existsSync(join(place.stateFolder, id))) await discardOciContainer(id, place);
}

function writeBundle(request: ContainerRequest, place: OciPlace, namespaces: SharedNamespaces): void {
  const { folder, id } = request;
  for (const each of ["rootfs", "upper", "work"]) mkdirSync(join(folder, each), { recursive: true, mode: 0o755 });
  for (const each of ["stdout", "stderr"]) writeFileSync(join(folder, each), "", { mode: 0o600 });
  const facts = { ...place, namespaces, cgroupsPath: join(place.cgroup, id) };
  writeFileSync(join(folder, "config.json"), JSON.stringify(containerSpec(request, facts)), { mode: 0o600 });
}

function shimCommand({ folder, container, image, id }: ContainerRequest, place: OciPlace): string[] {
  const kind = container.tty !== true ? "plain" : container.stdin === true ? "terminal" : "terminal-closed";
  const memory = outOfMemoryFile(join(place.cgroup, id));
  const own = ["--mount", "--propagation", "slave", "sh", "-c", shimScript, "container-shim"];
  return [...own, folder, place.tools.engine, place.stateFolder, id, image.root, memory, kind];
}

function openAnd(path: string): number {
  const file = openSync(path, "a", 0o600);
  // The child has it before the next turn of the loop; then nobody here needs it.
  setImmediate(() => closeSync(file));
  return file;
}

function exitIn(folder: string): Exit {
  const code = readNumber(join(folder, "exit"));
  if (code === undefined) return { code: 137, reason: "ContainerStatusUnknown" };
  const memory = join(folder, "memory");
  const isShort = code !== 0 && existsSync(memory) && ranOutOfMemory(readFileSync(memory, "utf8"));
  return isShort ? { code, reason: "OOMKilled" } : { code };
}

function readNumber(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8").trim();
  return /^\d+$/u.test(text) ? Number(text) : undefined;
}

/** Why a container never began to run: the engine's own words. */
function failureIn(folder: string): string {
  for (const name of ["log", "failure", "stderr", "shim.log"]) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, "utf8").trim();
    const found = name === "log" ? lastError(text) : text;
    if (found !== undefined && found !== "") return found;
  }
  return "the engine ended without a word";
}

function lastError(text: string): string | undefined {
  const found = text.split("\n").flatMap((line): string[] => {
    try {
      const { level, msg } = JSON.parse(line) as { level?: string; msg?: string };
      return level === "error" && msg !== undefined ? [msg] : [];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
  return found.at(-1);
}

/** `script`, the shim's child that has the terminal. */
async function terminalHolder(shimPid: number): Promise<number | undefined> {
  const { stdout } = await runTool(["pgrep", "-P", String(shimPid), "-x", "script"]);
  return /^\d+$/u.test(stdout.trim()) ? Number(stdout.trim()) : undefined;
}

async function applyResources(id: string, place: OciPlace, container: Container): Promise<void> {
  try {
    const command = [place.tools.engine, "--root", place.stateFolder, "update", "--resources", "-", id];
    await runToolOrFail(command, { input: JSON.stringify(cgroupChange(container)) });
  } catch (error) {
    throw new KubeletError("tool-failed", `resources could not be changed: ${messageOf(error)}`, error);
  }
}
