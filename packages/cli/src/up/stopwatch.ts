/** How long each part of something took, the parts side by side or one after the other. */
export class Stopwatch {
  readonly #tookMs: Record<string, number> = {};

  async time<T>(part: string, task: Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await task;
    } finally {
      this.#tookMs[part] = Math.round(performance.now() - began);
    }
  }

  get tookMs(): Readonly<Record<string, number>> {
    return this.#tookMs;
  }
}
