import { setTimeout as delay } from "node:timers/promises";
import { Customer } from "../customer.ts";
import { messageOf, steps, type Shopping } from "./steps.ts";
import type { Door } from "../door.ts";

export interface WalkOptions {
  readonly door: Door;
  /** How long a shop that does not answer yet is waited for. */
  readonly waitMs: number;
  readonly onStep?: (step: StepReport) => void;
}

export interface StepReport {
  readonly name: string;
  readonly ms: number;
  /** What was found in place of what was expected; absent when all was well. */
  readonly problem?: string;
}

export interface WalkReport {
  readonly url: string;
  readonly steps: readonly StepReport[];
  /** Services with the versions that answered. */
  readonly versions: Readonly<Record<string, string>>;
  readonly passed: boolean;
}

const pollMs = 200;

/** Walks through a shop as a customer would, wherever it runs, and looks whether everything is as it should be. */
export async function walkThrough(options: WalkOptions): Promise<WalkReport> {
  const { door } = options;
  const reports: StepReport[] = [];
  const versions = new Map<string, string>();
  const attempt = async (name: string, run: () => Promise<void>): Promise<boolean> => {
    const began = performance.now();
    const problem = await run().then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    const ms = Math.round(performance.now() - began);
    const report = { name, ms, ...(problem === undefined ? {} : { problem }) };
    reports.push(report);
    options.onStep?.(report);
    return problem === undefined;
  };
  let shopping: Shopping | undefined;
  await attempt("the shop is open, and takes a new customer in", async () => {
    await untilOpen(options);
    shopping = { door, ann: await Customer.register(door), versions };
  });
  // Without a customer there is nothing to walk on with.
  if (shopping !== undefined) {
    for (const { name, run } of steps) {
      const visit = shopping;
      await attempt(name, () => run(visit));
    }
  }
  return {
    url: door.url.href,
    steps: reports,
    versions: Object.fromEntries([...versions].toSorted()),
    passed: reports.every(({ problem }) => problem === undefined),
  };
}

/** The gateway and everything behind it that a customer meets first. */
async function untilOpen({ door, waitMs }: WalkOptions): Promise<void> {
  const end = performance.now() + waitMs;
  for (;;) {
    const last = await door.send({ method: "GET", path: "/products?limit=1", headers: {} }).then(
      ({ status, text }) => (status === 200 ? undefined : `${status}: ${text.slice(0, 200)}`),
      (error: unknown) => messageOf(error),
    );
    if (last === undefined) return;
    if (performance.now() > end) throw new Error(`${door.url.href} does not serve: ${last}`);
    await delay(pollMs);
  }
}
