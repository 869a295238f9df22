import { createHash } from "node:crypto";
import type { HelmEnvironment } from "../environment.ts";
import { functionLimits } from "../limits.ts";

/** A number from 0 up to the limit; 16 bytes make the difference between the numbers unnoticeable. */
export function randomBelow(environment: HelmEnvironment, limit: number): number {
  const bytes = environment.randomBytes(16);
  return Number(BigInt(`0x${Buffer.from(bytes).toString("hex")}`) % BigInt(limit));
}

/** That many characters of the alphabet; nothing for a negative count. */
export function randomText(environment: HelmEnvironment, alphabet: string, count: bigint): string {
  if (count <= 0n) return "";
  const length = randomLength(count);
  const bytes = environment.randomBytes(length * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let index = 0; index < length; index++) text += alphabet[view.getUint32(index * 4) % alphabet.length] ?? "";
  return text;
}

export function randomLength(count: bigint): number {
  if (count > BigInt(functionLimits.randomLengthMax)) {
    throw new Error(`at most ${functionLimits.randomLengthMax} random characters at once, not ${count}`);
  }
  return Number(count);
}

/** Bytes without end, spread out of one seed: a search for primes ends whatever the seed is. */
export class ByteStream {
  readonly #seed: Uint8Array;
  #count = 0;

  constructor(environment: HelmEnvironment) {
    this.#seed = environment.randomBytes(32);
  }

  bytes(count: number): Buffer {
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      blocks.push(
        createHash("sha256")
          .update(this.#seed)
          .update(String(this.#count++))
          .digest(),
      );
    }
    return Buffer.concat(blocks).subarray(0, count);
  }

  /** A number of that many bits, the highest one possibly zero. */
  number(bits: number): bigint {
    return BigInt(`0x${this.bytes(bits / 8).toString("hex")}`);
  }

  /** A number from 1 up to, but without, the limit. */
  positiveBelow(limit: bigint): bigint {
    return (this.number(limit.toString(16).length * 4 + 64 + (limit.toString(16).length % 2) * 4) % (limit - 1n)) + 1n;
  }
}
