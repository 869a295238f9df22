import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition of a test. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not so within 120 s: ${holds.toString()}`);
    await sleep(5);
  }
}
