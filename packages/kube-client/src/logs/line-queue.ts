/** Lines of many writers for one reader; writers wait while it is full. */
export class LineQueue<T> {
  readonly #countMax: number;
  readonly #waiting: T[] = [];
  #room = Promise.withResolvers<void>();
  #news = Promise.withResolvers<void>();
  #end: { readonly error?: unknown } | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Answers false when nobody reads any more. */
  async push(item: T): Promise<boolean> {
    while (this.#waiting.length >= this.#countMax && this.#end === undefined) await this.#room.promise;
    if (this.#end !== undefined) return false;
    this.#waiting.push(item);
    this.#news.resolve();
    return true;
  }

  /** What was pushed before is still read. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#news.resolve();
    this.#room.resolve();
  }

  async *read(): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = this.#waiting.shift();
        if (item !== undefined) {
          this.#room.resolve();
          this.#room = Promise.withResolvers();
          yield item;
        } else if (this.#end !== undefined) {
          if (this.#end.error !== undefined) throw this.#end.error;
          return;
        } else {
          await this.#news.promise;
          this.#news = Promise.withResolvers();
        }
      }
    } finally {
      this.end();
    }
  }
}
