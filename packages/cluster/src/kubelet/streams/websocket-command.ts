import { PassThrough, Writable } from "node:stream";
import type { WebSocket } from "ws";
import type { TerminalSize } from "../runtime/runtime.ts";
import { outcomeStatus } from "./remote-command.ts";
import type { CommandStreams } from "./remote-command.ts";
import { parseSize } from "./spdy-command.ts";
import type { StreamWish } from "./spdy-command.ts";

/** In a WebSocket the first byte of a message says which stream it belongs to. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 };

export const webSocketCommandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
];

/** The streams of a command over a WebSocket whose protocol is one of the above. */
export function acceptWebSocketCommand(socket: WebSocket, wish: StreamWish): CommandStreams {
  const gone = new AbortController();
  const stdin = new PassThrough();
  const { protocol } = socket;
  const isBase64 = protocol.includes("base64");
  let resize: ((size: TerminalSize) => void) | undefined;
  const send = (channel: number, bytes: Buffer, done?: () => void): void => {
    if (socket.readyState !== socket.OPEN) {
      done?.();
      return;
    }
    const message = isBase64 ? `${channel}${bytes.toString("base64")}` : Buffer.concat([Buffer.from([channel]), bytes]);
    socket.send(message, () => done?.());
  };
  const writer = (channel: number): Writable =>
    new Writable({ write: (bytes: Buffer, _encoding, done) => send(channel, bytes, done) });
  socket.on("message", (data) => {
    const message = decodeMessage(toBuffer(data), isBase64);
    if (message === undefined) return;
    if (message.channel === channels.stdin) stdin.write(message.bytes);
    else if (message.channel === channels.close && message.bytes[0] === channels.stdin) stdin.end();
    else if (message.channel === channels.resize) {
      const size = parseSize(message.bytes.toString("utf8"));
      if (size !== undefined) resize?.(size);
    }
  });
  const leave = (): void => {
    stdin.end();
    gone.abort();
  };
  socket.on("close", leave);
  socket.on("error", leave);
  // The first message tells the client that the streams are there.
  send(wish.stdout ? channels.stdout : channels.error, Buffer.alloc(0));
  return {
    stdin: wish.stdin ? stdin : undefined,
    stdout: wish.stdout ? writer(channels.stdout) : undefined,
    stderr: wish.stderr && !wish.tty ? writer(channels.stderr) : undefined,
    signal: gone.signal,
    onResize: (wanted) => (resize = wanted),
    finish: async (outcome) => {
      const status = outcomeStatus(outcome);
      const isNew = protocol.startsWith("v");
      const text = isNew ? JSON.stringify(status) : outcome.kind === "success" ? "" : String(status["message"]);
      await new Promise<void>((resolve) => send(channels.error, Buffer.from(text), resolve));
      socket.close(1000);
    },
  };
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function decodeMessage(data: Buffer, isBase64: boolean): { channel: number; bytes: Buffer } | undefined {
  const first = data[0];
  if (first === undefined) return undefined;
  if (!isBase64) return { channel: first, bytes: data.subarray(1) };
  return { channel: first - 48, bytes: Buffer.from(data.toString("latin1", 1), "base64") };
}
