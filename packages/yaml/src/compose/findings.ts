import { problemsMax } from "../limits.ts";
import type { ProblemDetails, SourceText } from "../source-text.ts";
import { goQuote } from "./go-syntax.ts";
import { YamlError } from "../yaml-error.ts";
import type { YamlProblem } from "../yaml-error.ts";

/**
 * What is wrong with the meaning of a document. Go parses a whole document before it decodes it, and decodes it before
 * it makes JSON of it, so a problem of a later step must not hide one of an earlier step further down.
 */
export class Findings {
  readonly #source: SourceText;
  #fatal: YamlProblem | undefined;
  #duplicates: YamlProblem[] = [];
  #json: YamlProblem | undefined;

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** The document cannot be decoded. */
  fatal(details: ProblemDetails): void {
    this.#fatal ??= this.#source.problem(details);
  }

  get hasFatal(): boolean {
    return this.#fatal !== undefined;
  }

  get hasRefusedKey(): boolean {
    return this.#json?.code === "unsupported-key";
  }

  /** Says this instead of what was found inside the same node. */
  fatalInstead(details: ProblemDetails): void {
    this.#fatal = this.#source.problem(details);
  }

  /** The document can be decoded, but JSON cannot hold it. */
  json(details: ProblemDetails): void {
    // All keys are made strings before the first number is written.
    const earlier = details.code === "unsupported-key" && this.#json?.code === "unsupported-number";
    if (earlier || this.#json === undefined) {
      this.#json = this.#source.problem(details);
    }
  }

  duplicate(offset: number, valueLine: number, key: string): void {
    if (this.#duplicates.length < problemsMax) {
      const message = `key ${JSON.stringify(key)} is already set in this mapping; remove one of the two`;
      const goMessage = `line ${valueLine + 1}: key ${goQuote(key)} already set in map`;
      this.#duplicates.push(this.#source.problem({ code: "duplicate-key", offset, message, goMessage }));
    }
  }

  /** Throws what Go would report, and forgets the document. */
  throwFirst(): void {
    const [duplicate] = this.#duplicates;
    const goMessage = `yaml: unmarshal errors:${this.#duplicates.map((each) => `\n  ${each.goMessage}`).join("")}`;
    const found = this.#fatal ?? (duplicate === undefined ? this.#json : { ...duplicate, goMessage });
    this.#fatal = undefined;
    this.#duplicates = [];
    this.#json = undefined;
    if (found !== undefined) {
      throw new YamlError(found);
    }
  }
}
