// A watch: its events wait in a list until a step takes them.
import { setTimeout as delay } from "node:timers/promises";
import { DiffError } from "../diff-error.ts";
import { parseJson } from "../json.ts";
import type { Json } from "../json.ts";
import { pollMs } from "../run/limits.ts";
import type { HttpClient, OutgoingRequest } from "./http-client.ts";

export interface WatchStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, when the server refused the watch instead of streaming. */
  readonly refusal: Json | string | undefined;
  /** Takes events until there are so many, one fits, or the stream ends. */
  take(
    wanted: { count: number | undefined; fits: ((event: Json) => boolean) | undefined },
    withinMs: number,
  ): Promise<Taken>;
  close(): void;
}

export interface Taken {
  readonly events: readonly Json[];
  /** Why there are no more: enough, the server ended the stream, or nothing more came. */
  readonly end: "enough" | "closed" | "timed out";
}

export async function openWatch(client: HttpClient, outgoing: OutgoingRequest): Promise<WatchStream> {
  const stream = await client.open(outgoing);
  const waiting: Json[] = [];
  const state = { ended: false };
  const reading = (async () => {
    let partial = "";
    try {
      for await (const chunk of stream.chunks) {
        const lines = (partial + chunk.toString("utf8")).split("\n");
        partial = lines.pop() ?? "";
        waiting.push(...lines.filter((line) => line !== "").map((line) => parseJson(line) ?? line));
      }
    } finally {
      if (partial !== "") waiting.push(parseJson(partial) ?? partial);
      state.ended = true;
    }
  })().catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
  });
  if (stream.status !== 200) await reading;
  const take: WatchStream["take"] = async ({ count, fits }, withinMs) => {
    const deadline = performance.now() + withinMs;
    const events: Json[] = [];
    for (;;) {
      while (waiting.length > 0) {
        const event = waiting.shift() ?? null;
        events.push(event);
        if (events.length === count || fits?.(event) === true) return { events, end: "enough" };
      }
      if (state.ended) return { events, end: "closed" };
      if (performance.now() > deadline) return { events, end: "timed out" };
      await delay(pollMs);
    }
  };
  const refusal = stream.status === 200 ? undefined : waiting.splice(0)[0];
  return { status: stream.status, headers: stream.headers, refusal, take, close: stream.close };
}

export function watchNamed(watches: ReadonlyMap<string, WatchStream>, name: string): WatchStream {
  const found = watches.get(name);
  if (found === undefined)
    throw new DiffError("bad-scenario", `no watch ${name} was opened: "watch ${name} /path" comes first`);
  return found;
}
