import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again, and says whether it came true in time. */
export async function until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await wait(25);
  }
}
