/** The few pieces of DER (ITU-T X.690) that certificates are written in. */
export const der = {
  sequence: (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts)),
  set: (...parts: readonly Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts)),
  octets: (content: Buffer): Buffer => tagged(0x04, content),
  bits: (content: Buffer, unused = 0): Buffer => tagged(0x03, Buffer.concat([Buffer.from([unused]), content])),
  /** Of big-endian bytes that are no negative number. */
  integer: (content: Buffer): Buffer => tagged(0x02, content),
  yes: (): Buffer => tagged(0x01, Buffer.from([0xff])),
  text: (value: string): Buffer => tagged(0x0c, Buffer.from(value)),
  objectId,
  time,
  tagged,
};

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x1_00) return Buffer.from([0x81, length]);
  if (length < 0x1_00_00) return Buffer.from([0x82, length >> 8, length & 0xff]);
  return Buffer.from([0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** X.509 wants years before 2050 with two digits. */
function time(value: Date): Buffer {
  const digits = value.toISOString().replaceAll(/[-:T]|\.\d+/gu, "");
  return value.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}
