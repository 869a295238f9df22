// The values of one run of one scenario that vary, and what stands for them. Equal values get equal symbols, in the
// order in which they appear: that an id is the same in two answers, or another one, is still compared.
export class Symbols {
  readonly #symbolOf = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Replaced wherever they occur in a text; the longest first. */
  readonly #literals = new Map<string, string>();
  #pattern: RegExp | undefined;
  /** What the scenario itself wrote varies never, and is compared as it is. */
  readonly #written: string;
  /** Whether a resource version gets a number: not where controllers change objects meanwhile. */
  readonly numbersVersions: boolean;

  constructor(options: { written: string; constants: ReadonlyMap<string, string>; numbersVersions: boolean }) {
    this.#written = options.written;
    this.numbersVersions = options.numbersVersions;
    for (const [literal, symbol] of options.constants) if (literal !== "") this.#literals.set(literal, symbol);
  }

  isWritten(text: string): boolean {
    return this.#written.includes(text);
  }

  /** `<uid-2>` for the second uid that was seen. */
  symbol(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#symbolOf.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const made = `<${kind}-${count}>`;
    this.#symbolOf.set(key, made);
    return made;
  }

  /** From now on this text is replaced inside every other. */
  learnLiteral(kind: string, value: string): void {
    if (value === "" || this.isWritten(value) || this.#literals.has(value)) return;
    this.#literals.set(value, this.symbol(kind, value));
    this.#pattern = undefined;
  }

  replaceLiterals(text: string): string {
    if (this.#literals.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#literals.keys()]
        .sort((left, right) => right.length - left.length)
        .map((literal) => escaped(literal))
        .join("|"),
      "gu",
    );
    return text.replaceAll(this.#pattern, (literal) => this.#literals.get(literal) ?? literal);
  }
}

function escaped(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
