/**
 * The same clock and the same dice for both revisions: a random password or the time of day must not look like a change. One object
 * for all renders, since the renderer keeps parsed templates by it.
 */
export class SteadyEnvironment {
  #state = 0;

  /** Begins the sequence that belongs to an application. */
  restart(application: string): this {
    this.#state = 0x9e3779b9;
    for (const character of application) {
      this.#state = Math.imul(this.#state ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    return this;
  }

  now(): number {
    return 0;
  }

  randomBytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => {
      this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
      return this.#state >>> 24;
    });
  }
}
