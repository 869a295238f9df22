/**
 * Does something so many times, first once, then twice as often as before each time that all went well: what fails for all is not
 * tried for all. Throws the first failure.
 */
export async function slowStart(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let begun = 0;
  for (let size = 1; begun < count; size *= 2) {
    const batch = Math.min(size, count - begun);
    const results = await Promise.allSettled(Array.from({ length: batch }, (_, index) => run(begun + index)));
    begun += batch;
    const failure = results.find((result) => result.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }
}

/** All at once; throws the first failure after all have ended. */
export async function together<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(items.map(run));
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
