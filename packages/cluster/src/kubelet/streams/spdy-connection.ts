import { Duplex } from "node:stream";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { streamsMax } from "../limits.ts";
import {
  HeaderReader,
  HeaderWriter,
  SpdyDecoder,
  dataFrame,
  pingFrame,
  resetFrame,
  synReplyFrame,
} from "./spdy-frames.ts";
import type { SpdyFrame } from "./spdy-frames.ts";

export interface SpdyStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly pipe: Duplex;
}

export interface SpdyConnectionOptions {
  /** The upgraded connection (or a tunnel that stands for one). */
  readonly socket: Duplex;
  /** The other side opened a stream. */
  readonly opened: (stream: SpdyStream) => void;
  readonly log: (line: string) => void;
}

const pieceBytes = 32 * 1024;
// A stream that is read slowly holds up the others of its connection only when it is so far behind.
const streamBufferBytes = 1024 * 1024;

/** The serving side of a SPDY/3.1 connection as kubectl and the API server use it: streams that the other side opens, no flow control. */
export class SpdyConnection {
  readonly #options: SpdyConnectionOptions;
  readonly #decoder = new SpdyDecoder();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #streams = new Map<number, StreamPipe>();
  readonly #done: Promise<void>;

  constructor(options: SpdyConnectionOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Resolves when the connection has ended. */
  async closed(): Promise<void> {
    await this.#done;
  }

  close(): void {
    this.#options.socket.end();
    // A client that keeps its half open is not waited for.
    setTimeout(() => this.#options.socket.destroy(), 1000).unref();
  }

  async #run(): Promise<void> {
    const { socket, log } = this.#options;
    socket.on("error", (error) => socket.destroy(error));
    try {
      for await (const bytes of socket) {
        for (const frame of this.#decoder.push(Buffer.from(bytes))) await this.#handle(frame);
      }
    } catch (error) {
      if (error instanceof KubeletError) log(`SPDY: ${messageOf(error)}`);
    } finally {
      socket.destroy();
      for (const pipe of this.#streams.values()) pipe.remoteEnded();
      for (const pipe of this.#streams.values()) pipe.destroy();
      this.#reader.close();
      this.#writer.close();
    }
  }

  async #handle(frame: SpdyFrame): Promise<void> {
    switch (frame.kind) {
      case "syn-stream":
        return this.#open(frame);
      case "data": {
        const pipe = this.#streams.get(frame.stream);
        if (frame.bytes.length > 0) await pipe?.receive(frame.bytes);
        if (frame.fin) pipe?.remoteEnded();
        return;
      }
      case "reset":
        this.#streams.get(frame.stream)?.destroy();
        this.#streams.delete(frame.stream);
        return;
      case "ping":
        this.#send(pingFrame(frame.id));
        return;
      default:
        return;
    }
  }

  async #open(frame: { stream: number; fin: boolean; headers: Buffer }): Promise<void> {
    const headers = await this.#reader.read(frame.headers);
    if (this.#streams.size >= streamsMax) {
      this.#send(resetFrame(frame.stream));
      return;
    }
    const pipe = new StreamPipe({
      send: (bytes, done) => this.#sendData(frame.stream, bytes, done),
      finish: (done) => this.#send(dataFrame(frame.stream, Buffer.alloc(0), true), done),
      reset: () => this.#send(resetFrame(frame.stream)),
    });
    pipe.on("error", (error) => this.#options.log(`SPDY stream: ${messageOf(error)}`));
    pipe.on("close", () => this.#streams.delete(frame.stream));
    this.#streams.set(frame.stream, pipe);
    this.#send(synReplyFrame(frame.stream, await this.#writer.empty()));
    if (frame.fin) pipe.remoteEnded();
    this.#options.opened({ id: frame.stream, headers, pipe });
  }

  #sendData(stream: number, bytes: Buffer, done: () => void): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const isLast = at + pieceBytes >= bytes.length;
      this.#send(dataFrame(stream, bytes.subarray(at, at + pieceBytes), false), isLast ? done : undefined);
    }
    if (bytes.length === 0) done();
  }

  #send(bytes: Buffer, done?: () => void): void {
    const { socket } = this.#options;
    if (socket.destroyed || socket.writableEnded) {
      done?.();
      return;
    }
    socket.write(bytes, () => done?.());
  }
}

interface StreamPort {
  readonly send: (bytes: Buffer, done: () => void) => void;
  readonly finish: (done: () => void) => void;
  readonly reset: () => void;
}

/** One stream: what is written goes out as data frames, what is received can be read. */
class StreamPipe extends Duplex {
  readonly #port: StreamPort;
  #resume: () => void = () => undefined;
  #hasEnded = false;

  constructor(port: StreamPort) {
    super({ allowHalfOpen: true, readableHighWaterMark: streamBufferBytes });
    this.#port = port;
  }

  /** Waits while nobody reads: then nothing more is read of the connection either. */
  async receive(bytes: Buffer): Promise<void> {
    if (this.destroyed || this.#hasEnded || this.push(bytes)) return;
    await new Promise<void>((resolve) => (this.#resume = resolve));
  }

  remoteEnded(): void {
    if (this.#hasEnded || this.destroyed) return;
    this.#hasEnded = true;
    this.push(null);
  }

  override _read(): void {
    this.#resume();
    this.#resume = () => undefined;
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#port.send(bytes, done);
  }

  override _final(done: () => void): void {
    this.#port.finish(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#resume();
    if (!this.writableFinished) this.#port.reset();
    done(error);
  }
}
