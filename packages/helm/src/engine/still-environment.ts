import { createHash } from "node:crypto";
import type { HelmEnvironment } from "../functions/environment.ts";

/**
 * For those who give no clock and no randomness: time stands still at zero, and random bytes are a fixed sequence that starts
 * again with every render, so that the same chart gives the same text. Nothing secret may be made of them.
 */
export class StillEnvironment implements HelmEnvironment {
  #block = 0;

  readonly now = (): number => 0;

  readonly randomBytes = (count: number): Uint8Array => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      blocks.push(createHash("sha256").update(`block ${this.#block}`).digest());
      this.#block++;
    }
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, count));
  };

  restart(): void {
    this.#block = 0;
  }
}
