// The cipher that bcrypt is made of. Its tables are the first digits of pi behind the point, so they are worked out.

const rounds = 16;
const subkeys = rounds + 2;
const boxWords = 4 * 256;

/** 16 atan(1/5) - 4 atan(1/239), in binary. */
function digitsOfPi(words: number): Uint32Array {
  const guard = 64n;
  const bits = BigInt(words * 32) + guard;
  const arcTangent = (inverse: bigint): bigint => {
    let power = (1n << bits) / inverse;
    let sum = power;
    for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
      power /= inverse * inverse;
      sum += (sign * power) / divisor;
    }
    return sum;
  };
  const pi = 16n * arcTangent(5n) - 4n * arcTangent(239n);
  const fraction = (pi & ((1n << bits) - 1n)) >> guard;
  const hex = fraction.toString(16).padStart(words * 8, "0");
  return Uint32Array.from({ length: words }, (_, index) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16));
}

let initial: Uint32Array | undefined;

export class Blowfish {
  readonly #keys: Uint32Array;
  readonly #boxes: Uint32Array;
  #left = 0;
  #right = 0;

  constructor() {
    initial ??= digitsOfPi(subkeys + boxWords);
    this.#keys = initial.slice(0, subkeys);
    this.#boxes = initial.slice(subkeys);
  }

  /** The key schedule of bcrypt; without a salt that of Blowfish itself. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const nextOfKey = wordReader(key);
    for (let index = 0; index < subkeys; index++) this.#keys[index] = (this.#keys[index] ?? 0) ^ nextOfKey();
    const nextOfSalt = salt === undefined ? () => 0 : wordReader(salt);
    this.#left = 0;
    this.#right = 0;
    for (const table of [this.#keys, this.#boxes]) {
      for (let index = 0; index < table.length; index += 2) {
        this.#left ^= nextOfSalt();
        this.#right ^= nextOfSalt();
        this.#encipher();
        table[index] = this.#left;
        table[index + 1] = this.#right;
      }
    }
  }

  /** Enciphers a block of two words that many times. */
  encipher(left: number, right: number, times: number): [number, number] {
    this.#left = left;
    this.#right = right;
    for (let count = 0; count < times; count++) this.#encipher();
    return [this.#left >>> 0, this.#right >>> 0];
  }

  #encipher(): void {
    const keys = this.#keys;
    const boxes = this.#boxes;
    let left = this.#left ^ (keys[0] ?? 0);
    let right = this.#right;
    for (let round = 1; round <= rounds; round++) {
      const mixed =
        ((((boxes[left >>> 24] ?? 0) + (boxes[256 + ((left >>> 16) & 255)] ?? 0)) ^
          (boxes[512 + ((left >>> 8) & 255)] ?? 0)) +
          (boxes[768 + (left & 255)] ?? 0)) |
        0;
      const next = right ^ mixed ^ (keys[round] ?? 0);
      right = left;
      left = next;
    }
    this.#left = right ^ (keys[rounds + 1] ?? 0);
    this.#right = left;
  }
}

/** Words of the bytes, over and over. */
function wordReader(bytes: Uint8Array): () => number {
  let at = 0;
  return () => {
    let word = 0;
    for (let count = 0; count < 4; count++) {
      word = (word << 8) | (bytes[at] ?? 0);
      at = (at + 1) % bytes.length;
    }
    return word;
  };
}
