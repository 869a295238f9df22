import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { shopLimits } from "./limits.ts";
import type { ChildProcess } from "node:child_process";

export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly restarts: number;
  /** Asks it to end, waits, and ends it in the end. */
  stop(): Promise<void>;
}

export interface ServiceProcessOptions {
  readonly name: string;
  readonly url: string;
  readonly main: string;
  readonly logs: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called after each start. */
  readonly onStart: () => void;
}

/** Small services on one machine: little space for what is young, so that eight of them fit beside everything else. */
const nodeFlags = ["--max-semi-space-size=2", "--max-old-space-size=192"];

/** Runs a service, and runs it again whenever it ends. */
export function keepRunning(options: ServiceProcessOptions): ServiceProcess {
  let child: ChildProcess | undefined;
  let restarts = -1;
  let quickEnds = 0;
  const stopping = new AbortController();
  mkdirSync(options.logs, { recursive: true });

  const runOnce = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    restarts += 1;
    const started = performance.now();
    child = start(options);
    child.once("error", () => resolve());
    child.once("exit", () => {
      quickEnds = performance.now() - started < shopLimits.steadyMs ? quickEnds + 1 : 0;
      resolve();
    });
    options.onStart();
    return promise;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await runOnce();
      const pause = quickEnds === 0 ? 0 : Math.min(shopLimits.restartBaseMs * 2 ** quickEnds, shopLimits.restartCapMs);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    name: options.name,
    url: options.url,
    get pid() {
      return child?.pid ?? 0;
    },
    get restarts() {
      return restarts;
    },
    async stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      const timer = setTimeout(() => child?.kill("SIGKILL"), shopLimits.stopTimeoutMs);
      await running;
      clearTimeout(timer);
    },
  };
}

function start({ name, main, logs, environment }: ServiceProcessOptions): ChildProcess {
  const log = openSync(join(logs, `${name}.log`), "a", 0o600);
  try {
    return spawn(process.execPath, [...nodeFlags, main], { env: { ...environment }, stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
  }
}
