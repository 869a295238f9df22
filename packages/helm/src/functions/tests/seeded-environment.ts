import { createHash } from "node:crypto";
import type { HelmEnvironment } from "../environment.ts";

/** A clock that stands still and bytes that only depend on the seed. */
export function seededEnvironment(seed: string, now = 0): HelmEnvironment {
  let count = 0;
  return {
    now: () => now,
    randomBytes: (length) => {
      const blocks: Buffer[] = [];
      for (let size = 0; size < length; size += 32) {
        blocks.push(createHash("sha256").update(`${seed} ${count++}`).digest());
      }
      return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
    },
  };
}
