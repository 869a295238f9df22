import type { Duplex, Readable } from "node:stream";
import { outcomeStatus } from "./remote-command.ts";
import type { CommandOutcome, CommandStreams } from "./remote-command.ts";
import { SpdyConnection } from "./spdy-connection.ts";
import type { SpdyStream } from "./spdy-connection.ts";
import type { TerminalSize } from "../runtime/runtime.ts";

export interface StreamWish {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The versions that are spoken, the best first. */
export const commandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
];

const streamsWithinMs = 30_000;

/** Waits until the client has opened the streams that it asked for. */
export async function acceptSpdyCommand(
  socket: Duplex,
  wish: StreamWish,
  { protocol, log }: { protocol: string; log: (line: string) => void },
): Promise<CommandStreams> {
  const expected = expectedStreams(wish, protocol);
  const streams = new Map<string, SpdyStream>();
  const gone = new AbortController();
  let complete: () => void = () => undefined;
  const all = new Promise<boolean>((resolve) => {
    complete = () => resolve(true);
    setTimeout(() => resolve(false), streamsWithinMs).unref();
    gone.signal.addEventListener("abort", () => resolve(false));
  });
  const connection = new SpdyConnection({
    socket,
    log,
    opened: (stream) => {
      streams.set(stream.headers.get("streamtype") ?? "", stream);
      if (expected.every((type) => streams.has(type))) complete();
    },
  });
  void connection.closed().then(() => gone.abort());
  if (!(await all)) {
    connection.close();
    gone.abort();
  }
  const pipe = (type: string): Duplex | undefined => streams.get(type)?.pipe;
  return {
    stdin: pipe("stdin"),
    stdout: pipe("stdout"),
    stderr: pipe("stderr"),
    signal: gone.signal,
    onResize: (resize) => {
      const source = pipe("resize");
      if (source !== undefined) readSizes(source, resize);
    },
    finish: async (outcome) => {
      for (const type of ["stdout", "stderr"]) pipe(type)?.end();
      pipe("error")?.end(outcomeText(outcome, protocol));
      await connectionDrained(pipe("error"));
      connection.close();
    },
  };
}

function expectedStreams(wish: StreamWish, protocol: string): string[] {
  const hasResize = wish.tty && protocol !== "channel.k8s.io" && protocol !== "v2.channel.k8s.io";
  return [
    "error",
    ...(wish.stdin ? ["stdin"] : []),
    ...(wish.stdout ? ["stdout"] : []),
    ...(wish.stderr && !wish.tty ? ["stderr"] : []),
    ...(hasResize ? ["resize"] : []),
  ];
}

/** Before version 4 the error stream had a text, and nothing when all went well. */
function outcomeText(outcome: CommandOutcome, protocol: string): string {
  const status = outcomeStatus(outcome);
  if (protocol.startsWith("v4.") || protocol.startsWith("v5.")) return JSON.stringify(status);
  return outcome.kind === "success" ? "" : String(status["message"]);
}

async function connectionDrained(stream: Duplex | undefined): Promise<void> {
  if (stream === undefined || stream.destroyed) return;
  await Promise.race([
    new Promise((resolve) => stream.once("finish", resolve)),
    new Promise((resolve) => stream.once("close", resolve)),
  ]);
}

/** Sizes are JSON objects one after the other: `{"Width":80,"Height":24}`. */
export function readSizes(source: Readable, resize: (size: TerminalSize) => void): void {
  let rest = "";
  source.setEncoding("utf8");
  source.on("data", (text: string) => {
    rest = (rest + text).slice(-1024);
    for (let end = rest.indexOf("}"); end >= 0; end = rest.indexOf("}")) {
      const size = parseSize(rest.slice(0, end + 1));
      rest = rest.slice(end + 1);
      if (size !== undefined) resize(size);
    }
  });
}

export function parseSize(text: string): TerminalSize | undefined {
  const width = /"Width":\s*(\d{1,5})/iu.exec(text)?.[1];
  const height = /"Height":\s*(\d{1,5})/iu.exec(text)?.[1];
  if (width === undefined || height === undefined) return undefined;
  return { width: Number(width), height: Number(height) };
}
