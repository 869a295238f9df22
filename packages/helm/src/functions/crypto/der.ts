// The distinguished encoding of ASN.1, as much of it as keys and certificates take.

export function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = bytesOf(BigInt(content.length));
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...items);
}

/** Not negative. */
export function integer(value: bigint): Buffer {
  const bytes = bytesOf(value);
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function octetString(content: Uint8Array): Buffer {
  return tagged(0x04, content);
}

export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return tagged(0x03, Buffer.from([unusedBits]), content);
}

export function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

/** Given with dots. */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

export interface DerItem {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
}

/** The items one after the other in the bytes; undefined if they are not well formed. */
export function readItems(bytes: Uint8Array): DerItem[] | undefined {
  const data = Buffer.from(bytes);
  const items: DerItem[] = [];
  for (let at = 0; at < data.length;) {
    const tag = data[at] ?? 0;
    const short = data[at + 1];
    if (short === undefined) return undefined;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    if (lengthBytes > 4 || at + 2 + lengthBytes > data.length) return undefined;
    const length = lengthBytes === 0 ? short : data.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    if (start + length > data.length) return undefined;
    items.push({ tag, content: data.subarray(start, start + length), whole: data.subarray(at, start + length) });
    at = start + length;
  }
  return items;
}

/** PEM with lines of 64 characters. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/gu) ?? [];
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join("")}-----END ${label}-----\n`;
}

export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
}

/** The first block of a text, undefined if there is none. */
export function decodePem(text: string): PemBlock | undefined {
  const match =
    /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n(?:[A-Za-z0-9-]+:[^\n]*\n)*([A-Za-z0-9+/=\s]*?)\n?-----END \1-----[ \t\r]*(?:\n|$)/u.exec(
      text,
    );
  const [, label, body] = match ?? [];
  return label === undefined || body === undefined ? undefined : { label, der: Buffer.from(body, "base64") };
}
