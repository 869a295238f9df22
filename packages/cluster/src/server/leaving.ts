/** Whether the client has gone before it had its answer. Few ask to be told when it happens, so that the signal is made for them only. */
export class Leaving {
  hasHappened = false;
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.hasHappened) this.#controller.abort();
    return this.#controller.signal;
  }

  happens(): void {
    this.hasHappened = true;
    this.#controller?.abort();
  }
}
