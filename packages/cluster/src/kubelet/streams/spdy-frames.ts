import { constants, createDeflate, createInflate } from "node:zlib";
import type { Deflate, Inflate } from "node:zlib";
import { KubeletError } from "../kubelet-error.ts";
import { frameBytesMax } from "../limits.ts";
import { spdyDictionary } from "./data/spdy-dictionary.ts";

/** Frames of SPDY/3.1, as far as Kubernetes uses it. */
export type SpdyFrame =
  | { readonly kind: "data"; readonly stream: number; readonly fin: boolean; readonly bytes: Buffer }
  | { readonly kind: "syn-stream"; readonly stream: number; readonly fin: boolean; readonly headers: Buffer }
  | { readonly kind: "reset"; readonly stream: number }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "go-away" }
  | { readonly kind: "other" };

const version = 3;
const finFlag = 1;
const types = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 };

/** Cuts a byte stream into frames. */
export class SpdyDecoder {
  #rest: Buffer = Buffer.alloc(0);

  *push(bytes: Buffer): Generator<SpdyFrame> {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUIntBE(5, 3);
      if (length > frameBytesMax)
        throw new KubeletError("protocol", `a SPDY frame has ${length} bytes, more than ${frameBytesMax}`);
      if (this.#rest.length < 8 + length) return;
      const head = this.#rest.subarray(0, 8);
      const body = this.#rest.subarray(8, 8 + length);
      this.#rest = this.#rest.subarray(8 + length);
      yield parseFrame(head, body);
    }
  }
}

function parseFrame(head: Buffer, body: Buffer): SpdyFrame {
  const first = head.readUInt32BE(0);
  const flags = head[4] ?? 0;
  const fin = (flags & finFlag) !== 0;
  if (first < 0x80000000) return { kind: "data", stream: first, fin, bytes: Buffer.from(body) };
  const type = first & 0xffff;
  if (((first >>> 16) & 0x7fff) !== version)
    throw new KubeletError("protocol", "a SPDY frame of another version than 3");
  const need = (count: number): void => {
    if (body.length < count) throw new KubeletError("protocol", "a SPDY frame is too short");
  };
  switch (type) {
    case types.synStream:
      need(10);
      return {
        kind: "syn-stream",
        stream: body.readUInt32BE(0) & 0x7fffffff,
        fin,
        headers: Buffer.from(body.subarray(10)),
      };
    case types.reset:
      need(8);
      return { kind: "reset", stream: body.readUInt32BE(0) & 0x7fffffff };
    case types.ping:
      need(4);
      return { kind: "ping", id: body.readUInt32BE(0) };
    case types.goAway:
      return { kind: "go-away" };
    case types.synReply:
    case types.settings:
    case types.headers:
    case types.windowUpdate:
      return { kind: "other" };
    default:
      throw new KubeletError("protocol", `a SPDY frame of the unknown type ${type}`);
  }
}

export function dataFrame(stream: number, bytes: Buffer, fin: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream, 0);
  head.writeUInt32BE(bytes.length, 4);
  head[4] = fin ? finFlag : 0;
  return Buffer.concat([head, bytes]);
}

export function pingFrame(id: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(id, 0);
  return controlFrame(types.ping, body);
}

export function resetFrame(stream: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(stream, 0);
  // CANCEL
  body.writeUInt32BE(5, 4);
  return controlFrame(types.reset, body);
}

export function synReplyFrame(stream: number, headers: Buffer): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(stream, 0);
  return controlFrame(types.synReply, Buffer.concat([id, headers]));
}

function controlFrame(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 | version, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Headers of one direction: they share one compression over the whole connection, so they have to go through in order. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary });
  #pieces: Buffer[] = [];
  #failure: unknown;

  constructor() {
    this.#inflate.on("data", (piece: Buffer) => this.#pieces.push(piece));
    this.#inflate.on("error", (error) => (this.#failure = error));
  }

  async read(block: Buffer): Promise<Map<string, string>> {
    this.#pieces = [];
    await new Promise<void>((resolve, reject) => {
      this.#inflate.write(block, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    }).catch((error: unknown) => {
      throw new KubeletError("protocol", "a SPDY header block can't be unpacked", error);
    });
    if (this.#failure !== undefined)
      throw new KubeletError("protocol", "a SPDY header block can't be unpacked", this.#failure);
    return parseHeaders(Buffer.concat(this.#pieces));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function parseHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  if (bytes.length < 4) throw new KubeletError("protocol", "a SPDY header block is too short");
  let at = 4;
  const next = (): string => {
    if (at + 4 > bytes.length) throw new KubeletError("protocol", "a SPDY header block is too short");
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) throw new KubeletError("protocol", "a SPDY header block is too short");
    const text = bytes.toString("utf8", at + 4, at + 4 + length);
    at += 4 + length;
    return text;
  };
  const count = bytes.readUInt32BE(0);
  for (let index = 0; index < count; index += 1) {
    const name = next().toLowerCase();
    headers.set(name, next());
  }
  return headers;
}

export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
  #pieces: Buffer[] = [];

  constructor() {
    this.#deflate.on("data", (piece: Buffer) => this.#pieces.push(piece));
  }

  /** The reply to a new stream has no headers of its own. */
  async empty(): Promise<Buffer> {
    this.#pieces = [];
    await new Promise<void>((resolve, reject) => {
      this.#deflate.write(Buffer.alloc(4), (error) =>
        error === null || error === undefined ? resolve() : reject(error),
      );
    });
    return Buffer.concat(this.#pieces);
  }

  close(): void {
    this.#deflate.destroy();
  }
}
