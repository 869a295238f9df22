import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { logLineBytesMax } from "../limits.ts";
import type { ContainerLog } from "./container-log.ts";

/** What `kubectl logs` may ask for; the names are those of the API. */
export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly since: Date | undefined;
  readonly limitBytes: number | undefined;
}

export interface LogLine {
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  /** The line goes on in the next record. */
  readonly partial: boolean;
  readonly text: Buffer;
}

const chunkBytes = 64 * 1024;

/** Reads a log; with `follow` on and on until the log is closed or the signal aborts. */
export async function* readLog(
  path: string,
  options: LogOptions,
  { live, signal }: { live: ContainerLog | undefined; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let midLine = false;
  for await (const line of readLines(path, options, { live, signal })) {
    if (options.since !== undefined && new Date(line.time) < options.since) continue;
    const stamp = options.timestamps && !midLine ? Buffer.from(`${line.time} `) : Buffer.alloc(0);
    midLine = line.partial;
    const whole = Buffer.concat([stamp, line.text, line.partial ? Buffer.alloc(0) : Buffer.from("\n")]);
    const piece = whole.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) yield piece;
    if (left <= 0) return;
  }
}

async function* readLines(
  path: string,
  options: LogOptions,
  { live, signal }: { live: ContainerLog | undefined; signal: AbortSignal },
): AsyncGenerator<LogLine> {
  if (!existsSync(path)) return;
  let file = openSync(path, "r");
  try {
    let position = options.tailLines === undefined ? 0 : tailStart(file, options.tailLines);
    let rest: Buffer = Buffer.alloc(0);
    while (!signal.aborted) {
      // Looked at before reading: what is written in between is then read in the next round.
      const closed = live === undefined || live.isClosed;
      const chunk = readAt(file, position, chunkBytes);
      position += chunk.length;
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const line = parseLine(rest.subarray(0, end));
        rest = rest.subarray(end + 1);
        if (line !== undefined) yield line;
      }
      if (chunk.length > 0) continue;
      if (wasRotated(file, path)) {
        closeSync(file);
        file = openSync(path, "r");
        position = 0;
        rest = Buffer.alloc(0);
        continue;
      }
      if (!options.follow || closed) return;
      await live.changed(signal);
    }
  } finally {
    closeSync(file);
  }
}

function wasRotated(file: number, path: string): boolean {
  const current = statSync(path, { throwIfNoEntry: false });
  return current !== undefined && current.ino !== fstatSync(file).ino;
}

/** `2026-01-02T03:04:05.678Z stdout F text`; undefined for a line that no log writer wrote. */
export function parseLine(line: Buffer): LogLine | undefined {
  const head = line.toString("latin1", 0, 80).split(" ", 3);
  const [time = "", stream = "", tag = ""] = head;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const start = time.length + stream.length + tag.length + 3;
  return { time, stream, partial: tag.startsWith("P"), text: Buffer.from(line.subarray(start)) };
}

/** Where the last lines of a file begin, found from its end. */
function tailStart(file: number, lines: number): number {
  const size = fstatSync(file).size;
  if (lines <= 0) return size;
  let missing = lines + 1;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const chunk = readAt(file, start, end - start);
    for (let at = chunk.length - 1; at >= 0; at -= 1) {
      if (chunk[at] !== 10) continue;
      missing -= 1;
      if (missing === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

/** The end of a log, for the message of a container that failed without one. */
export function logEnd(path: string, { lines, bytes }: { lines: number; bytes: number }): string {
  if (!existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const start = Math.max(tailStart(file, lines), fstatSync(file).size - bytes - lines * 64);
    const text = readAt(file, start, bytes + lines * 64 + logLineBytesMax).toString("latin1");
    const found = text.split("\n").flatMap((line) => parseLine(Buffer.from(line, "latin1")) ?? []);
    const whole = Buffer.concat(found.map((line) => Buffer.concat([line.text, Buffer.from(line.partial ? "" : "\n")])));
    return whole.subarray(Math.max(0, whole.length - bytes)).toString("utf8");
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const count = readSync(file, buffer, 0, length, position);
  return buffer.subarray(0, count);
}
