import { messageOf } from "../kubelet-error.ts";
import type { Probe } from "../pods/pod.ts";
import type { HandlerResult } from "./run-handler.ts";

export type ProbeKind = "startup" | "liveness" | "readiness";

export interface ProbeLoopOptions {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly startedAt: number;
  readonly now: () => number;
  readonly run: (timeoutMs: number) => Promise<HandlerResult>;
  /** A probe failed once; the text is that of the event. */
  readonly failed: (message: string) => void;
  /** The verdict changed: so many successes or failures in a row. */
  readonly decided: (healthy: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Until a container has once been found well, it is asked more often than its period says; such an attempt counts only when it succeeds. A command
 * costs the container more than a connection, and is run less often.
 */
const eagerCommandMs = [50, 100, 200, 400, 800];
const eagerConnectionMs = Array.from({ length: 36 }, (_, index) => Math.min(20 * 1.25 ** index, 200));

/** A program that has just been started listens to nobody yet: that is no failure worth an event. */
const settlingMs = 1000;

/** Asks a container again and again how it is, until the signal aborts. */
export async function runProbeLoop(options: ProbeLoopOptions): Promise<void> {
  const { probe, kind, signal } = options;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const firstAt = options.startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
  await pause(firstAt - options.now(), signal);
  let verdict: boolean | undefined = kind === "liveness" ? true : undefined;
  let row = 0;
  let last: boolean | undefined;
  let eager = 0;
  const eagerMs = kind === "liveness" ? [] : probe.exec === undefined ? eagerConnectionMs : eagerCommandMs;
  const isSettling = eagerMs === eagerConnectionMs && firstAt === options.startedAt;
  let nextRegularAt = options.now() + (isSettling ? Math.min(settlingMs, periodMs) : 0);
  while (!signal.aborted) {
    const isRegular = options.now() >= nextRegularAt;
    if (isRegular) nextRegularAt = options.now() + periodMs;
    const result = await attempt(options);
    if (signal.aborted) return;
    if (result.isUnknown === true) {
      if (isRegular) options.failed(`${capital(kind)} probe errored and resulted in unknown state: ${result.output}`);
    } else if (isRegular || result.ok) {
      row = last === result.ok ? row + 1 : 1;
      last = result.ok;
      if (!result.ok) options.failed(`${capital(kind)} probe failed: ${result.output}`);
      const threshold = result.ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
      if (row >= threshold && verdict !== result.ok) {
        verdict = result.ok;
        options.decided(result.ok);
        if (kind === "startup") return;
      }
    }
    const untilRegular = Math.max(nextRegularAt - options.now(), 0);
    const eagerWaitMs = verdict === true ? undefined : eagerMs[eager];
    await pause(Math.min(eagerWaitMs ?? untilRegular, untilRegular), signal);
    eager += 1;
  }
}

async function attempt(options: ProbeLoopOptions): Promise<HandlerResult> {
  try {
    return await options.run((options.probe.timeoutSeconds ?? 1) * 1000);
  } catch (error) {
    return { ok: false, output: messageOf(error) };
  }
}

function capital(kind: ProbeKind): string {
  return kind.slice(0, 1).toUpperCase() + kind.slice(1);
}

/** Waits, but no longer than until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
