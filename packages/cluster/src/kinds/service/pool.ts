import { addressNumber, parseBlock } from "../validation/addresses.ts";
import type { ServicePool, Taken } from "./allocation.ts";

const FIRST_PORT = 30_000;
const LAST_PORT = 32_767;
/** The lower part of a range is for those who ask for a certain address or port; any other comes from above as long as there is one. */
const PORTS_RESERVED = 86;
const ADDRESSES_RESERVED_MAX = 256n;

const fullRange = { kind: "full" } as const;

export interface PoolOptions {
  /** `10.96.0.0/16` */
  readonly block: string;
  readonly isTaken: (what: string | number) => boolean;
  readonly take: (what: string | number) => void;
  /** Of certain ports nothing is checked then. */
  readonly isDryRun: boolean;
  /** From 0 up to, without, 1. */
  readonly random: () => number;
}

/** Addresses of a block and the ports of nodes that are kept for services. */
export function servicePool(options: PoolOptions): ServicePool {
  return {
    takeAddress: (wanted) => (wanted === undefined ? anyAddress(options) : certainAddress(options, wanted)),
    takePort: (wanted) => (wanted === undefined ? anyPort(options) : certainPort(options, wanted)),
  };
}

function certainAddress({ block, isTaken, take }: PoolOptions, wanted: string): Taken<string> {
  const range = rangeOf(block);
  const number = addressNumber(wanted);
  if (wanted.includes(":") || number < range.first || number > range.last) {
    const why = `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${block}`;
    return { kind: "refused", why };
  }
  if (isTaken(wanted)) return { kind: "refused", why: "provided IP is already allocated" };
  take(wanted);
  return { kind: "taken", value: wanted };
}

function anyAddress({ block, isTaken, take, random }: PoolOptions): Taken<string> {
  const { first, last } = rangeOf(block);
  const size = last - first + 1n;
  const sixteenth = size / 16n;
  const reserved = sixteenth < 16n ? (size > 16n ? 16n : 0n) : min(sixteenth, ADDRESSES_RESERVED_MAX);
  const value = freeIn({ first: first + reserved, last, isTaken: (each) => isTaken(dotted(each)), random });
  const found =
    value ?? freeIn({ first, last: first + reserved - 1n, isTaken: (each) => isTaken(dotted(each)), random });
  if (found === undefined) return fullRange;
  take(dotted(found));
  return { kind: "taken", value: dotted(found) };
}

function certainPort({ isTaken, take, isDryRun }: PoolOptions, wanted: number): Taken<number> {
  if (isDryRun) return { kind: "taken", value: wanted };
  if (wanted < FIRST_PORT || wanted > LAST_PORT) {
    const why = `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
    return { kind: "refused", why };
  }
  if (isTaken(wanted)) return { kind: "refused", why: "provided port is already allocated" };
  take(wanted);
  return { kind: "taken", value: wanted };
}

function anyPort({ isTaken, take, random }: PoolOptions): Taken<number> {
  const lowest = BigInt(FIRST_PORT + PORTS_RESERVED);
  const free = (first: bigint, last: bigint): bigint | undefined =>
    freeIn({ first, last, isTaken: (each) => isTaken(Number(each)), random });
  const found = free(lowest, BigInt(LAST_PORT)) ?? free(BigInt(FIRST_PORT), lowest - 1n);
  if (found === undefined) return fullRange;
  take(Number(found));
  return { kind: "taken", value: Number(found) };
}

interface Search {
  readonly first: bigint;
  readonly last: bigint;
  readonly isTaken: (each: bigint) => boolean;
  readonly random: () => number;
}

/** Begins anywhere, so that a number just given back is not given to the next. */
function freeIn({ first, last, isTaken, random }: Search): bigint | undefined {
  const size = last - first + 1n;
  if (size <= 0n) return undefined;
  const start = BigInt(Math.floor(random() * Number(size)));
  for (let step = 0n; step < size; step++) {
    const each = first + ((start + step) % size);
    if (!isTaken(each)) return each;
  }
  return undefined;
}

/** Without the address of the network itself and the one that reaches all of it. */
function rangeOf(block: string): { readonly first: bigint; readonly last: bigint } {
  const parsed = parseBlock(block);
  if (!parsed || parsed.family !== 4)
    throw new RangeError(`the addresses of services are a block such as 10.96.0.0/16, not ${block}`);
  const size = 1n << BigInt(32 - parsed.bits);
  return { first: parsed.start + 1n, last: parsed.start + size - 2n };
}

function dotted(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join(".");
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
