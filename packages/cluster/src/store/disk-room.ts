import { statfsSync } from "node:fs";
import { commitBytesPerByte, commitPagesBytes, roomKeptBytes } from "./limits.ts";
import { StoreError } from "./store.ts";

/**
 * Keeps commits from a disk that is all but full: LMDB's binding may end the whole process when a write fails in the midst of a commit. Looks
 * anew only when what was written since could have used up a good part of what was there.
 */
export class DiskRoom {
  readonly #folder: string;
  readonly #freeBytes: (folder: string) => number;
  #untilNextLook = 0;

  constructor(folder: string, freeBytes: (folder: string) => number = freeBytesOf) {
    this.#folder = folder;
    this.#freeBytes = freeBytes;
  }

  /** Throws when a commit of so many bytes might not fit. */
  take(bytes: number): void {
    const needed = bytes * commitBytesPerByte + commitPagesBytes;
    if (this.#untilNextLook >= needed) {
      this.#untilNextLook -= needed;
      return;
    }
    const room = this.#freeBytes(this.#folder) - roomKeptBytes;
    if (room < needed)
      throw new StoreError(
        "full",
        `The disk of ${this.#folder} is full but for its last megabytes. Free some space; what was acknowledged before is safe.`,
      );
    // Others write on the same disk.
    this.#untilNextLook = (room - needed) / 4;
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
