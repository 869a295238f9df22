/** Does the work for all items, at most so many at once; the first failure ends it. */
export async function forEachParallel<T>(
  items: readonly T[],
  countMax: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const walk = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(countMax, items.length) }, walk));
}
