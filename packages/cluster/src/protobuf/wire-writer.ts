/** Below this many characters a text is copied by hand, which is quicker than to ask for its length. */
const shortTextMax = 64;

/**
 * Writes a message from its end to its beginning: the length of what is nested stands before it, and so it is known when its turn comes.
 * Whoever writes a field writes its value first, then the length of that if it has one, then its tag.
 */
export class WireWriter {
  #bytes: Buffer;
  #start: number;

  constructor(sizeHint: number) {
    this.#bytes = Buffer.allocUnsafe(sizeHint);
    this.#start = sizeHint;
  }

  /** How much is written so far. */
  get length(): number {
    return this.#bytes.length - this.#start;
  }

  /** Everything that was written. Nothing may be written after it. */
  finish(): Buffer {
    return this.#bytes.subarray(this.#start);
  }

  /** The length of what was written since there were `before` bytes, and the tag in front of it. */
  tagged(before: number, tag: number): void {
    this.varint(this.length - before);
    this.varint(tag);
  }

  /** Seven bits a byte, the lowest first. */
  varint(value: number): void {
    this.#reserve(10);
    if (value < 0x80 && value >= 0) {
      this.#bytes[--this.#start] = value;
      return;
    }
    if (value < 0 || value > 0xffff_ffff) {
      this.#longVarint(value);
      return;
    }
    let shift = Math.floor((31 - Math.clz32(value)) / 7) * 7;
    this.#bytes[--this.#start] = value >>> shift;
    for (shift -= 7; shift >= 0; shift -= 7) this.#bytes[--this.#start] = ((value >>> shift) & 0x7f) | 0x80;
  }

  /** Negative numbers are written as their 64 bits. */
  #longVarint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
    const septets: number[] = [];
    for (; rest > 0x7fn; rest >>= 7n) septets.push(Number(rest & 0x7fn) | 0x80);
    septets.push(Number(rest));
    for (let index = septets.length - 1; index >= 0; index--) this.#bytes[--this.#start] = septets[index] ?? 0;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#start -= 8;
    this.#bytes.writeDoubleLE(value, this.#start);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#start -= value.length;
    this.#bytes.set(value, this.#start);
  }

  text(value: string): void {
    if (value.length <= shortTextMax && this.#ascii(value)) return;
    const length = Buffer.byteLength(value);
    this.#reserve(length);
    this.#start -= length;
    this.#bytes.write(value, this.#start, length, "utf8");
  }

  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length);
    const start = this.#start - length;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) return false;
      this.#bytes[start + index] = code;
    }
    this.#start = start;
    return true;
  }

  #reserve(count: number): void {
    if (count <= this.#start) return;
    const { length } = this;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, length + count));
    this.#bytes.copy(larger, larger.length - length, this.#start);
    this.#start = larger.length - length;
    this.#bytes = larger;
  }
}
