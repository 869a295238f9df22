import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { KubeletError } from "../../kubelet-error.ts";
import { isAlive, sendSignal, startTickOf } from "../process-identity.ts";
import type { ExecRequest, ExecSession } from "../runtime.ts";
import { resizeTerminal, shellQuote } from "../terminal.ts";
import type { OciPlace } from "./oci-place.ts";

export interface ExecPlace {
  readonly id: string;
  readonly place: OciPlace;
  /** The container's own folder, with its bundle. */
  readonly folder: string;
}

/** Runs a further command in a container, as whom and with what the container itself runs. */
export async function execInContainer(request: ExecRequest, target: ExecPlace): Promise<ExecSession> {
  const name = join(target.folder, `exec-${randomUUID()}`);
  const { engine } = target.place.tools;
  writeFileSync(`${name}.json`, JSON.stringify(processOf(request, target.folder)), { mode: 0o600 });
  const files = ["--log", `${name}.log`, "--log-format", "json"];
  const run = [engine, "--root", target.place.stateFolder, ...files, "exec"];
  const plain = [...run, "--process", `${name}.json`, "--pid-file", `${name}.pid`, target.id];
  const terminal = ["script", "-q", "-e", "-f", "-c", plain.map(shellQuote).join(" "), "/dev/null"];
  const [file = "", ...args] = request.tty ? terminal : plain;
  const stdin = request.stdin || request.tty ? "pipe" : "ignore";
  const child = spawn(file, args, { stdio: [stdin, "pipe", "pipe"], detached: true });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new KubeletError("exec-failed", "the command has no output");
  await once(child, "spawn");
  if (request.tty) stderr.resume();
  const exited = once(child, "exit").then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    const ending = typeof signal === "string" ? 128 + constants.signals[signal] : 0;
    const log = existsSync(`${name}.log`) ? readFileSync(`${name}.log`, "utf8") : "";
    const failure = failureIn(log);
    const result = {
      code: typeof code === "number" ? (missingProgram(log) ?? code) : ending,
      ...(failure === undefined ? {} : { failure }),
    };
    for (const end of ["json", "log", "pid"]) rmSync(`${name}.${end}`, { force: true });
    return result;
  });
  return {
    stdin: child.stdin ?? undefined,
    stdout,
    stderr: request.tty ? undefined : stderr,
    exited,
    resize: (size) => (request.tty ? resizeTerminal(child.pid ?? 0, size) : Promise.resolve()),
    kill: () => {
      killIn(`${name}.pid`);
      if (child.exitCode === null && child.signalCode === null) sendSignal(-(child.pid ?? 0), "SIGKILL");
    },
  };
}

/** A shell's numbers for a command that isn't there or can't be run; the engine has one for all its failures. */
function missingProgram(text: string): number | undefined {
  if (/executable file not found|no such file or directory/u.test(text)) return 127;
  return /permission denied/u.test(text) ? 126 : undefined;
}

/** Why the engine could not begin the command, in its words. */
function failureIn(log: string): string | undefined {
  const quoted = /"msg":("exec failed: (?:[^"\\]|\\.)*")/u.exec(log)?.[1];
  return quoted === undefined ? undefined : String(JSON.parse(quoted));
}

function killIn(path: string): void {
  const pid = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  const startTick = pid > 0 ? startTickOf(pid) : undefined;
  if (startTick !== undefined && isAlive({ pid, startTick })) sendSignal(pid, "SIGKILL");
}

/** The process of the container's own specification with another command. */
function processOf(request: ExecRequest, folder: string): Record<string, unknown> {
  const { process: own } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as {
    process: Record<string, unknown>;
  };
  return { ...own, args: request.command, terminal: request.tty };
}
