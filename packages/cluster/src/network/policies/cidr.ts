/** A block of IPv4 addresses: the first, and how many bits all of them share. */
interface Block {
  readonly first: number;
  readonly bits: number;
}

/** The blocks of IPv4 addresses that are left of one when others are taken out of it; none when it isn't IPv4. */
export function subtractBlocks(cidr: string, others: readonly string[]): string[] {
  const block = parseBlock(cidr);
  if (block === undefined) return [];
  let left: Block[] = [block];
  for (const other of others) {
    const taken = parseBlock(other);
    if (taken !== undefined) left = left.flatMap((each) => subtract(each, taken));
  }
  return left.map(formatBlock);
}

function subtract(block: Block, taken: Block): Block[] {
  if (holds(taken, block)) return [];
  if (!holds(block, taken)) return [block];
  // One half holds what is taken out, the other stays whole.
  const bits = block.bits + 1;
  const halves = [block.first, block.first + 2 ** (32 - bits)].map((first) => ({ first, bits }));
  return halves.flatMap((half) => subtract(half, taken));
}

function holds(outer: Block, inner: Block): boolean {
  return outer.bits <= inner.bits && firstOf(inner.first, outer.bits) === outer.first;
}

function firstOf(address: number, bits: number): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}

function parseBlock(cidr: string): Block | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/u.exec(cidr);
  if (match === null) return undefined;
  const [one = 0, two = 0, three = 0, four = 0, bits = 0] = match.slice(1).map(Number);
  return { first: firstOf(((one * 256 + two) * 256 + three) * 256 + four, bits), bits };
}

function formatBlock({ first, bits }: Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join(".")}/${bits}`;
}
