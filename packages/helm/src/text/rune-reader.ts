/** Reads a text code point by code point, with one step back, as Go's `bytes.Buffer` does for its parsers. */
export class RuneReader {
  readonly #runes: string[];
  #at = 0;

  constructor(text: string) {
    this.#runes = [...text];
  }

  /** The next code point, or undefined at the end. */
  read(): string | undefined {
    const rune = this.#runes[this.#at];
    if (rune !== undefined) this.#at++;
    return rune;
  }

  unread(): void {
    this.#at--;
  }

  rest(): string {
    return this.#runes.slice(this.#at).join("");
  }

  /** Steps over a text that `rest()` begins with. */
  skip(text: string): void {
    this.#at += [...text].length;
  }

  /** Everything before the next stop; `stop` is undefined at the end. A backslash keeps the code point after it, if asked. */
  until(stops: string, escapes: boolean): { text: string; stop: string | undefined } {
    let text = "";
    for (;;) {
      const rune = this.read();
      if (rune === undefined || stops.includes(rune)) return { text, stop: rune };
      if (rune === "\\" && escapes) {
        const escaped = this.read();
        if (escaped === undefined) return { text, stop: undefined };
        text += escaped;
      } else {
        text += rune;
      }
    }
  }
}
