import { Writable } from "node:stream";
import type { Duplex } from "node:stream";
import { createWebSocketStream } from "ws";
import type { WebSocket } from "ws";
import { messageOf } from "../kubelet-error.ts";
import { SpdyConnection } from "./spdy-connection.ts";
import type { SpdyStream } from "./spdy-connection.ts";

export const portForwardProtocol = "portforward.k8s.io";
/** SPDY inside of a WebSocket: how kubectl has forwarded ports since 1.31. */
export const tunnelProtocol = "SPDY/3.1+portforward.k8s.io";

export interface PortForwardTarget {
  readonly connect: (port: number) => Promise<Duplex>;
  /** `default/web`, for messages. */
  readonly pod: string;
  readonly log: (line: string) => void;
}

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
}

/** Each connection that the client forwards is a pair of streams: the bytes, and what went wrong. */
export async function servePortForward(socket: Duplex, target: PortForwardTarget): Promise<void> {
  const pairs = new Map<string, Pair>();
  const connection = new SpdyConnection({
    socket,
    log: target.log,
    opened: (stream) => {
      const id =
        stream.headers.get("requestid") ?? String(stream.id - (stream.headers.get("streamtype") === "data" ? 2 : 0));
      const pair = pairs.get(id) ?? {};
      pairs.set(id, pair);
      if (stream.headers.get("streamtype") === "error") pair.error = stream;
      else pair.data = stream;
      const { data, error } = pair;
      if (data === undefined || error === undefined) return;
      pairs.delete(id);
      const port = Number(data.headers.get("port") ?? "0");
      void forward(data.pipe, port, target).then((failure) => error.pipe.end(failure));
    },
  });
  await connection.closed();
}

/** The same over the tunnel of a WebSocket. */
export async function serveTunnel(socket: WebSocket, target: PortForwardTarget): Promise<void> {
  await servePortForward(createWebSocketStream(socket), target);
}

/** The older way over a WebSocket: two channels a port, each of which first says the port's number. */
export async function serveWebSocketPorts(
  socket: WebSocket,
  ports: readonly number[],
  target: PortForwardTarget,
): Promise<void> {
  const inputs = ports.map((port, index) => {
    const sender = (channel: number): Writable =>
      new Writable({
        write: (bytes: Buffer, _encoding, done) => {
          if (socket.readyState !== socket.OPEN) return done();
          socket.send(Buffer.concat([Buffer.from([channel]), bytes]), () => done());
        },
      });
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    const data = sender(index * 2);
    const error = sender(index * 2 + 1);
    data.write(number);
    error.write(number);
    const connected = target.connect(port).then(
      (found) => {
        found.on("error", (failure) => error.write(Buffer.from(failureText(port, target, failure))));
        found.on("data", (bytes: Buffer) => data.write(bytes));
        found.on("close", () => socket.close(1000));
        return found;
      },
      (failure: unknown) => {
        error.write(Buffer.from(failureText(port, target, failure)));
        return undefined;
      },
    );
    return connected;
  });
  socket.on("message", (message: Buffer) => {
    const channel = message[0] ?? 1;
    if (channel % 2 === 0) void inputs[channel / 2]?.then((input) => input?.write(message.subarray(1)));
  });
  await new Promise((resolve) => socket.once("close", resolve));
  for (const input of inputs) (await input)?.destroy();
}

/** Answers what went wrong, or nothing. */
async function forward(pipe: Duplex, port: number, target: PortForwardTarget): Promise<string> {
  let socket: Duplex;
  try {
    socket = await target.connect(port);
  } catch (error) {
    pipe.end();
    pipe.resume();
    return failureText(port, target, error);
  }
  return new Promise((resolve) => {
    socket.on("error", (error) => resolve(failureText(port, target, error)));
    socket.on("close", () => {
      pipe.end();
      pipe.resume();
      resolve("");
    });
    pipe.on("error", () => socket.destroy());
    pipe.on("close", () => socket.destroy());
    pipe.pipe(socket);
    socket.pipe(pipe);
  });
}

function failureText(port: number, { pod }: PortForwardTarget, error: unknown): string {
  return `error forwarding port ${port} to pod ${pod}, uid : failed to connect to localhost:${port} inside the pod: ${messageOf(error)}`;
}
