import { checkPrimeSync } from "node:crypto";
import type { ByteStream } from "./random-source.ts";

/** A prime of that many bits, the two highest ones set, so that a product of two has twice the bits. */
export function findPrime(stream: ByteStream, bits: number): bigint {
  const high = 3n << BigInt(bits - 2);
  for (;;) {
    const candidate = stream.number(bits) | high | 1n;
    if (checkPrimeSync(candidate)) return candidate;
  }
}

export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function inverseModulo(value: bigint, modulus: bigint): bigint {
  let [oldRest, rest] = [value % modulus, modulus];
  let [oldFactor, factor] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = oldRest / rest;
    [oldRest, rest] = [rest, oldRest - quotient * rest];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  return oldFactor < 0n ? oldFactor + modulus : oldFactor;
}
