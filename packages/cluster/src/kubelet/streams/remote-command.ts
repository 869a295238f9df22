import type { Readable, Writable } from "node:stream";
import { messageOf, systemCodeOf } from "../kubelet-error.ts";
import type { ExecSession, RunningContainer, TerminalSize } from "../runtime/runtime.ts";

/** The streams between a client (kubectl exec, attach) and a program, whatever protocol carries them. */
export interface CommandStreams {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** How it went, as a `Status` object, at the end. */
  readonly finish: (outcome: CommandOutcome) => Promise<void>;
  /** Called for each new size of the client's window. */
  readonly onResize: (resize: (size: TerminalSize) => void) => void;
  /** The client has gone. */
  readonly signal: AbortSignal;
}

export type CommandOutcome =
  | { readonly kind: "success" }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "failure"; readonly message: string };

/** What the error stream carries (v4 and later of the protocol). */
export function outcomeStatus(outcome: CommandOutcome): Record<string, unknown> {
  if (outcome.kind === "success") return { metadata: {}, status: "Success" };
  if (outcome.kind === "failure") {
    return {
      metadata: {},
      status: "Failure",
      message: outcome.message,
      reason: "InternalError",
      details: { causes: [{ message: outcome.message }] },
      code: 500,
    };
  }
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${outcome.code}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(outcome.code) }] },
  };
}

/** Connects a started command with the client until the command ends. */
export async function serveExec(streams: CommandStreams, start: () => Promise<ExecSession>): Promise<void> {
  let session: ExecSession;
  try {
    session = await start();
  } catch (error) {
    await streams.finish({ kind: "failure", message: messageOf(error) });
    return;
  }
  streams.signal.addEventListener("abort", () => session.kill());
  if (streams.signal.aborted) session.kill();
  streams.onResize((size) => void session.resize(size).catch(() => undefined));
  if (streams.stdin !== undefined && session.stdin !== undefined) connect(streams.stdin, session.stdin, true);
  else streams.stdin?.resume();
  const outputs = [copy(session.stdout, streams.stdout), copy(session.stderr, streams.stderr)];
  const { code } = await session.exited;
  // What a left-over child may still print is not waited for.
  await Promise.race([Promise.all(outputs), new Promise((resolve) => setTimeout(resolve, 500))]);
  await streams.finish(code === 0 ? { kind: "success" } : { kind: "exit", code });
}

export interface AttachTarget {
  readonly running: RunningContainer;
  readonly stdinOnce: boolean;
}

/** Connects the client with a running container until one of them has gone. */
export async function serveAttach(streams: CommandStreams, { running, stdinOnce }: AttachTarget): Promise<void> {
  const out = (bytes: Buffer): void => void streams.stdout?.write(bytes);
  const err = (bytes: Buffer): void => void streams.stderr?.write(bytes);
  running.stdout.on("data", out);
  running.stderr?.on("data", err);
  streams.onResize((size) => void running.resize(size).catch(() => undefined));
  if (streams.stdin !== undefined && running.stdin !== undefined) connect(streams.stdin, running.stdin, stdinOnce);
  else streams.stdin?.resume();
  const left = new Promise<void>((resolve) => {
    streams.signal.addEventListener("abort", () => resolve());
    if (streams.signal.aborted) resolve();
  });
  const ended = running.exited.then(() => endOf(running.stdout));
  await Promise.race([ended, left]);
  running.stdout.off("data", out);
  running.stderr?.off("data", err);
  await streams.finish({ kind: "success" });
}

async function endOf(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return;
  await Promise.race([
    new Promise((resolve) => stream.once("close", resolve)),
    new Promise((resolve) => stream.once("end", resolve)),
    new Promise((resolve) => setTimeout(resolve, 500)),
  ]);
}

function connect(source: Readable, target: Writable, endsToo: boolean): void {
  // A program that reads no more has closed its end: what the client types goes nowhere, as in a shell.
  target.on("error", (error) => {
    if (systemCodeOf(error) !== undefined) source.resume();
  });
  source.on("error", () => target.end());
  source.pipe(target, { end: endsToo });
}

async function copy(source: Readable | undefined, target: Writable | undefined): Promise<void> {
  if (source === undefined) return;
  if (target === undefined) {
    source.resume();
    return;
  }
  await new Promise<void>((resolve) => {
    source.once("end", resolve);
    source.once("close", resolve);
    source.once("error", () => resolve());
    target.once("close", () => {
      source.resume();
      resolve();
    });
    source.pipe(target, { end: false });
  });
}
