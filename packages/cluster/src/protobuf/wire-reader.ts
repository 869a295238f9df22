/** A body that is no message of this kind. */
export class ProtobufError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProtobufError";
  }
}

export type WireValue =
  | { readonly wire: "varint"; readonly value: bigint }
  | { readonly wire: "fixed"; readonly bytes: Buffer }
  | { readonly wire: "bytes"; readonly bytes: Buffer };

/** The fields of a message in the order in which they come. */
export function* readFields(bytes: Buffer): Generator<{ readonly number: number; readonly content: WireValue }> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new ProtobufError("unexpected EOF");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError("integer overflow");
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new ProtobufError("unexpected EOF");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number === 0) throw new ProtobufError("illegal tag 0");
    switch (tag & 7n) {
      case 0n:
        yield { number, content: { wire: "varint", value: BigInt.asIntN(64, varint()) } };
        break;
      case 1n:
        yield { number, content: { wire: "fixed", bytes: take(8) } };
        break;
      case 2n:
        yield { number, content: { wire: "bytes", bytes: take(lengthOf(varint())) } };
        break;
      case 5n:
        yield { number, content: { wire: "fixed", bytes: take(4) } };
        break;
      default:
        throw new ProtobufError(`illegal wireType ${tag & 7n}`);
    }
  }
}

function lengthOf(value: bigint): number {
  if (value > 2n ** 31n) throw new ProtobufError("invalid length");
  return Number(value);
}
