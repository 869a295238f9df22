import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { searchPath } from "../machine/tools.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { startMs } from "./limits.ts";

/** One way to run an image from a registry on this machine. */
export interface EngineKind {
  readonly name: "runc" | "containerd" | "podman" | "docker";
  /** Programs that it takes, and the Debian package that has them. */
  readonly tools: readonly string[];
  readonly debianPackage: string;
  readonly start: (folder: string) => Promise<Engine>;
}

export interface Engine {
  readonly version: string;
  /** Gets the image, by its digest. */
  readonly pull: (image: PulledImage) => Promise<void>;
  /** Starts it in the foreground, on the network of this machine, with a read-only root. */
  readonly run: (image: PulledImage, container: ContainerSettings) => ContainerRun;
  readonly close: () => Promise<void>;
}

export interface PulledImage {
  /** `127.0.0.1:5000/shop/greeter@sha256:...` */
  readonly reference: string;
  readonly digest: string;
  /** The layout that it was pushed from. */
  readonly layout: string;
}

export interface ContainerSettings {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ContainerRun {
  /** The code that the container ended with. */
  readonly ended: Promise<number>;
  /** Sends SIGTERM to it. */
  readonly stop: () => Promise<void>;
  readonly output: () => string;
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<number>;
  readonly output: () => string;
}

/** A program in the foreground, with what it says kept. */
export function spawnKept(command: readonly string[]): Spawned {
  const [program = "", ...args] = command;
  const env = { ...process.env, PATH: searchPath(process.env["PATH"]) };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  child.on("error", reject);
  child.on("close", (code) => resolve(code ?? 128));
  return { child, ended: promise, output: () => said };
}

/** A server in the background, with its words in a file. */
export function spawnServer(
  command: readonly string[],
  log: string,
): { readonly child: ChildProcess; readonly ended: Promise<void> } {
  const [program = "", ...args] = command;
  const file = openSync(log, "a");
  const env = { ...process.env, PATH: searchPath(process.env["PATH"]) };
  const child = spawn(program, args, { env, stdio: ["ignore", file, file] });
  const { promise, resolve } = Promise.withResolvers<void>();
  child.on("error", () => resolve());
  child.on("close", () => resolve());
  return { child, ended: promise };
}

/** Waits until a server answers; one that doesn't is ended. */
export async function untilUp(
  server: Parameters<typeof endServer>[0],
  what: string,
  isUp: () => Promise<boolean>,
): Promise<void> {
  const hopeless = (): string | undefined =>
    server.child.exitCode === null ? undefined : `${what} ended with ${server.child.exitCode}`;
  try {
    await waitUntil(isUp, { what: `the answer of ${what}`, timeoutMs: startMs, hopeless });
  } catch (error) {
    await endServer(server);
    throw error;
  }
}

export async function endServer({
  child,
  ended,
}: {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}): Promise<void> {
  child.kill("SIGTERM");
  await ended;
}
