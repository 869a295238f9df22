import { NetworkError } from "../network-error.ts";
import { dnsNameBytesMax } from "../limits.ts";

export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, ANY: 255 } as const;
export const responseCodes = { ok: 0, formatError: 1, serverFailure: 2, noSuchName: 3, notImplemented: 4 } as const;

export interface DnsQuestion {
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsQuery {
  readonly id: number;
  readonly opcode: number;
  readonly wantsRecursion: boolean;
  readonly question: DnsQuestion;
  /** The question as it was sent, with the letters' case. */
  readonly questionBytes: Buffer;
  /** What the asker takes over UDP. */
  readonly bytesMax: number;
}

export type DnsRecord =
  | { readonly type: "A"; readonly name: string; readonly ttl: number; readonly address: string }
  | { readonly type: "CNAME" | "PTR"; readonly name: string; readonly ttl: number; readonly target: string }
  | { readonly type: "TXT"; readonly name: string; readonly ttl: number; readonly text: string }
  | {
      readonly type: "SRV";
      readonly name: string;
      readonly ttl: number;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: "SOA"; readonly name: string; readonly ttl: number; readonly domain: string };

export interface DnsAnswer {
  readonly code: number;
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

const headerBytes = 12;
const plainUdpBytes = 512;
const optType = 41;

/** Reads a query with one question, as everybody sends it (RFC 1035, 6891). */
export function readQuery(message: Buffer): DnsQuery {
  if (message.length < headerBytes) throw new NetworkError("dns-failed", "the message is shorter than its header");
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) throw new NetworkError("dns-failed", "the message is an answer");
  if (message.readUInt16BE(4) !== 1) throw new NetworkError("dns-failed", "not exactly one question");
  const { name, end } = readName(message, headerBytes);
  if (end + 4 > message.length) throw new NetworkError("dns-failed", "the question is cut off");
  const question = { name: name.toLowerCase(), type: message.readUInt16BE(end), class: message.readUInt16BE(end + 2) };
  return {
    id: message.readUInt16BE(0),
    opcode: (flags >> 11) & 15,
    wantsRecursion: (flags & 0x0100) !== 0,
    question,
    questionBytes: message.subarray(headerBytes, end + 4),
    bytesMax: udpBytes(message, end + 4),
  };
}

/** An answer to a query; one that is longer than the limit is cut off and says so. */
export function writeAnswer(query: DnsQuery, answer: DnsAnswer, bytesMax: number): Buffer {
  const records = [...answer.answers, ...answer.authority, ...answer.additional].map(writeRecord);
  const whole = Buffer.concat([headerOf(query, answer, false), query.questionBytes, ...records]);
  if (whole.length <= bytesMax) return whole;
  return Buffer.concat([headerOf(query, answer, true), query.questionBytes]);
}

function headerOf(query: DnsQuery, answer: DnsAnswer, isCut: boolean): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(query.id, 0);
  const flags =
    0x8000 |
    (query.opcode << 11) |
    (answer.authoritative ? 0x0400 : 0) |
    (isCut ? 0x0200 : 0) |
    (query.wantsRecursion ? 0x0100 : 0) |
    0x0080 |
    answer.code;
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(1, 4);
  const counts = isCut ? [0, 0, 0] : [answer.answers.length, answer.authority.length, answer.additional.length];
  for (const [index, count] of counts.entries()) header.writeUInt16BE(count, 6 + index * 2);
  return header;
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let bytes = 0; bytes <= dnsNameBytesMax;) {
    const length = message[at];
    if (length === undefined) break;
    if (length === 0) return { name: labels.join("."), end: at + 1 };
    // Compression makes no sense in the first name of a message.
    if (length > 63 || at + 1 + length > message.length) break;
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
    bytes += length + 1;
  }
  throw new NetworkError("dns-failed", "the name in the question is not one");
}

/** The size that an OPT record announces, if there is one behind the question. */
function udpBytes(message: Buffer, at: number): number {
  const additional = message.readUInt16BE(10);
  const others = message.readUInt16BE(6) + message.readUInt16BE(8);
  if (additional !== 1 || others !== 0 || at + 5 > message.length || message[at] !== 0) return plainUdpBytes;
  if (message.readUInt16BE(at + 1) !== optType) return plainUdpBytes;
  return Math.max(plainUdpBytes, Math.min(message.readUInt16BE(at + 3), 4096));
}

function writeRecord(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(recordTypes[record.type], 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(record.ttl, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(record.name), head, data]);
}

function dataOf(record: DnsRecord): Buffer {
  switch (record.type) {
    case "A":
      return Buffer.from(record.address.split(".").map(Number));
    case "CNAME":
    case "PTR":
      return writeName(record.target);
    case "TXT": {
      const text = Buffer.from(record.text).subarray(0, 255);
      return Buffer.concat([Buffer.from([text.length]), text]);
    }
    case "SRV": {
      const head = Buffer.alloc(6);
      head.writeUInt16BE(record.priority, 0);
      head.writeUInt16BE(record.weight, 2);
      head.writeUInt16BE(record.port, 4);
      return Buffer.concat([head, writeName(record.target)]);
    }
    case "SOA": {
      const numbers = Buffer.alloc(20);
      // Serial, refresh, retry, expire, and how long "there is no such name" may be believed.
      for (const [index, value] of [1, 7200, 1800, 86_400, 5].entries()) numbers.writeUInt32BE(value, index * 4);
      return Buffer.concat([writeName(`ns.dns.${record.domain}`), writeName(`hostmaster.${record.domain}`), numbers]);
    }
  }
}

function writeName(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([Buffer.byteLength(label, "latin1")]), Buffer.from(label, "latin1")]),
    Buffer.from([0]),
  ]);
}
