/** Longer than Node.js timers can wait. */
const timerMax = 2 ** 31 - 1;

/** Sleep that ends early when something has changed; a change while awake makes the next sleep end at once. */
export class WakeUp {
  #isRoused = false;
  #wake: () => void = () => undefined;

  rouse(): void {
    this.#isRoused = true;
    this.#wake();
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRoused && ms > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, Math.min(ms, timerMax));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isRoused = false;
    this.#wake = () => undefined;
  }
}
