import { closeSync, fstatSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { logFileBytesMax, logFilesMax, logLineBytesMax } from "../limits.ts";

export type LogStream = "stdout" | "stderr";

export interface ContainerLogOptions {
  readonly path: string;
  readonly now: () => Date;
  readonly fileBytesMax?: number;
  readonly filesMax?: number;
}

/**
 * A container's log in the format of the CRI: `TIME stdout|stderr F|P TEXT`. A file that has grown too big is put aside under the time;
 * the oldest ones go. Writes are synchronous: a container that prints faster than the disk takes it waits on its pipe.
 */
export class ContainerLog {
  readonly path: string;
  readonly #options: ContainerLogOptions;
  readonly #waiting = new Set<() => void>();
  readonly #pending: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #collecting: Promise<void>[] = [];
  #file: number;
  #bytes: number;
  #closed = false;

  constructor(options: ContainerLogOptions) {
    this.path = options.path;
    this.#options = options;
    this.#file = openSync(options.path, "a", 0o640);
    this.#bytes = fstatSync(this.#file).size;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Writes down what a container prints, until it ends. */
  collect(source: Readable, stream: LogStream): void {
    source.on("data", (bytes: Buffer) => this.#append(bytes, stream));
    const ended = new Promise<void>((resolve) => {
      source.once("end", resolve);
      source.once("close", resolve);
      // A pipe that breaks has ended; what was read of it is in the log.
      source.once("error", () => resolve());
    });
    this.#collecting.push(ended);
  }

  /** All that the sources had to say is written. */
  async drained(): Promise<void> {
    await Promise.all(this.#collecting);
  }

  /** What a source left without a line end is written as a part of a line; readers that follow come to their end. */
  close(): void {
    if (this.#closed) return;
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#pending[stream];
      if (rest.length > 0) this.#write(rest, stream, "P");
      this.#pending[stream] = Buffer.alloc(0);
    }
    this.#closed = true;
    closeSync(this.#file);
    this.#tell();
  }

  /** Resolves when there is something new, or the log is closed. */
  async changed(signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }

  #append(bytes: Buffer, stream: LogStream): void {
    if (this.#closed) return;
    let rest = this.#pending[stream].length === 0 ? bytes : Buffer.concat([this.#pending[stream], bytes]);
    for (let end = rest.indexOf(10); end >= 0 || rest.length > logLineBytesMax; end = rest.indexOf(10)) {
      if (end < 0 || end > logLineBytesMax) {
        this.#write(rest.subarray(0, logLineBytesMax), stream, "P");
        rest = rest.subarray(logLineBytesMax);
      } else {
        this.#write(rest.subarray(0, end), stream, "F");
        rest = rest.subarray(end + 1);
      }
    }
    this.#pending[stream] = Buffer.from(rest);
    this.#tell();
  }

  #write(text: Buffer, stream: LogStream, tag: "F" | "P"): void {
    const time = this.#options.now().toISOString().replace("Z", "000000Z");
    const line = Buffer.concat([Buffer.from(`${time} ${stream} ${tag} `), text, Buffer.from("\n")]);
    if (this.#bytes > 0 && this.#bytes + line.length > (this.#options.fileBytesMax ?? logFileBytesMax)) this.#rotate();
    for (let at = 0; at < line.length;) at += writeSync(this.#file, line, at);
    this.#bytes += line.length;
  }

  #rotate(): void {
    closeSync(this.#file);
    const time = this.#options
      .now()
      .toISOString()
      .replaceAll(/[-:]|\..*/gu, "")
      .replace("T", "-");
    const aside = rotatedLogs(this.path);
    renameSync(this.path, `${this.path}.${time}.${String(aside.length).padStart(3, "0")}`);
    const kept = rotatedLogs(this.path)
      .toReversed()
      .slice(0, (this.#options.filesMax ?? logFilesMax) - 1);
    for (const old of rotatedLogs(this.path)) if (!kept.includes(old)) rmSync(old, { force: true });
    this.#file = openSync(this.path, "a", 0o640);
    this.#bytes = 0;
  }

  #tell(): void {
    for (const done of this.#waiting) done();
  }
}

/** The files put aside of a log, the oldest first. */
export function rotatedLogs(path: string): string[] {
  const prefix = `${basename(path)}.`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(prefix));
  return names.toSorted().map((name) => join(dirname(path), name));
}
