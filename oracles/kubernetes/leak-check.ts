import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder } from "../machine/cache.ts";
import { apiServerReadyMs, pollMs, removal, traceGoneMs } from "../machine/limits.ts";
import { OracleError } from "../machine/oracle-error.ts";
import type { Report } from "../machine/report.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { countsOf, leftBehind, takeCensus } from "./census.ts";
import type { Census } from "./census.ts";
import { readState } from "./cluster-state.ts";
import { startKubernetes, tearDown } from "./index.ts";

export interface LeakCheckOptions {
  readonly apiOnly: boolean;
  readonly times: number;
  readonly report: Report;
}

export interface LeakCheck {
  readonly upSeconds: readonly number[];
  readonly downSeconds: readonly number[];
  /** What was there afterwards and not before. */
  readonly left: readonly string[];
}

/** When the starter is killed: as soon as it has written anything down, in the middle, and shortly before it is done. */
const killMoments: readonly { readonly what: string; readonly reached: (folder: string) => boolean }[] = [
  { what: "at the first note", reached: (folder) => readState(folder) !== undefined },
  { what: "with the first process", reached: (folder) => (readState(folder)?.processes.length ?? 0) > 0 },
  { what: "with the API server", reached: (folder) => existsSync(join(folder, "logs", "kube-apiserver.log")) },
  { what: "with the kubelet", reached: (folder) => existsSync(join(folder, "logs", "kubelet-node-1.log")) },
];

/** Ups and downs, and a starter that is killed at several moments: the machine has to be as it was. */
export async function checkLeaks(options: LeakCheckOptions): Promise<LeakCheck> {
  const { apiOnly, times, report } = options;
  const folder = mkdtempSync(join(cacheFolder(), "leaks-"));
  const up: number[] = [];
  const down: number[] = [];
  const ids: string[] = [];
  const note = (cluster: string): void => void ids.push(readState(cluster)?.id ?? "");
  try {
    const before = await takeCensus();
    report(`before: ${countsOf(before)}`);
    for (let time = 1; time <= times; time += 1) {
      const started = performance.now();
      const cluster = await startKubernetes({ apiOnly, folder: join(folder, "cluster"), report });
      const ready = performance.now();
      note(cluster.folder);
      await cluster.close();
      up.push((ready - started) / 1000);
      down.push((performance.now() - ready) / 1000);
      report(`${time} of ${times}: up ${up.at(-1)?.toFixed(1) ?? ""} s, down ${down.at(-1)?.toFixed(1) ?? ""} s`);
    }
    for (const moment of killMoments) {
      if (apiOnly && moment.what === "with the kubelet") continue;
      await killStarter(join(folder, "killed"), { apiOnly, reached: moment.reached, note });
      report(`starter killed ${moment.what}, then taken down`);
    }
    const left = await settledLeftovers(before, ids, report);
    return { upSeconds: up, downSeconds: down, left };
  } finally {
    await tearDown(join(folder, "cluster"));
    await tearDown(join(folder, "killed"));
    rmSync(folder, { recursive: true, force: true, ...removal });
  }
}

/** What is left when the kernel has had the time to end what it ends by itself; also whatever else came and went here. */
async function settledLeftovers(before: Census, ids: readonly string[], report: Report): Promise<readonly string[]> {
  const deadline = performance.now() + traceGoneMs;
  for (;;) {
    const after = await takeCensus();
    const left = leftBehind(before, after, ids);
    if (left.length === 0 || performance.now() > deadline) {
      report(`after: ${countsOf(after)}`);
      return left;
    }
    await delay(pollMs);
  }
}

interface KillOptions {
  readonly apiOnly: boolean;
  readonly reached: (folder: string) => boolean;
  readonly note: (folder: string) => void;
}

async function killStarter(folder: string, options: KillOptions): Promise<void> {
  const main = join(import.meta.dirname, "..", "main.ts");
  const flags = ["kubernetes", "up", "--dir", folder, ...(options.apiOnly ? ["--api-only"] : [])];
  const child = spawn(process.execPath, [main, ...flags], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await waitUntil(() => options.reached(folder), {
    what: "the moment to kill the starter",
    timeoutMs: apiServerReadyMs,
    hopeless: () => (child.exitCode === null ? undefined : `the starter ended with ${child.exitCode} before`),
  });
  child.kill("SIGKILL");
  await ended;
  options.note(folder);
  if (!(await tearDown(folder))) throw new OracleError("bad-state", "the killed starter left no state to take down");
}
