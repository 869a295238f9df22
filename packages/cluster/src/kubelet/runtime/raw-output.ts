import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { Readable } from "node:stream";

const chunkBytes = 64 * 1024;
/** What has been read is given back to the disk in pieces of this size. */
const holeBytes = 16 * 1024 * 1024;

/**
 * What a container prints, read from a file that it appends to. Not a pipe: a program may hold the lock of a pipe for as long as it likes (by
 * `sendfile` from an idle standard input), and whoever reads the pipe then hangs in the kernel. And the file stays when the control process
 * dies: a later run reads on.
 */
export class RawOutput extends Readable {
  readonly #file: number;
  readonly #path: string;
  readonly #watcher: FSWatcher;
  #position: number;
  #holeEnd: number;
  #isFull = false;
  #hasEnded = false;

  constructor(path: string, position: number) {
    super({ highWaterMark: 4 * chunkBytes });
    this.#path = path;
    this.#position = position;
    this.#holeEnd = position;
    this.#file = openSync(path, "r");
    this.#watcher = watch(path, { persistent: false }, () => this.#look());
    this.#watcher.on("error", () => this.#look());
  }

  /** Up to where the container's output has been read and handed on. */
  get position(): number {
    return this.#position - this.readableLength;
  }

  /** The container has ended: what is in the file is all there will be. */
  finish(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#look();
  }

  override _read(): void {
    this.#isFull = false;
    this.#look();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#watcher.close();
    closeSync(this.#file);
    done(error);
  }

  #look(): void {
    while (!this.#isFull && !this.destroyed && !this.readableEnded) {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      const count = readSync(this.#file, buffer, 0, chunkBytes, this.#position);
      if (count === 0) {
        if (this.#hasEnded && fstatSync(this.#file).size <= this.#position) {
          this.#isFull = true;
          this.push(null);
        }
        return;
      }
      this.#position += count;
      this.#isFull = !this.push(buffer.subarray(0, count));
      if (this.#position - this.#holeEnd >= holeBytes) this.#punch();
    }
  }

  /** Where the tool is missing the file keeps its size until the container is removed. */
  #punch(): void {
    const end = this.#position - (this.#position % 4096);
    this.#holeEnd = end;
    const child = spawn("fallocate", ["--punch-hole", "--offset", "0", "--length", String(end), this.#path], {
      stdio: "ignore",
    });
    child.on("error", () => child.unref());
  }
}

/** A file for a child's standard output; close it once the child has it. */
export function openForChild(path: string): number {
  return openSync(path, "a", 0o600);
}
