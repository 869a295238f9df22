import type { FieldError } from "../../object/field-error.ts";

/** A mistake of a value, with the sentence by which two are found to be the same. */
export interface Mistake {
  readonly sentence: string;
  readonly error: FieldError;
}

/** What a check found. Of several schemas of which one has to fit, the mistakes of that with the most matches are told. */
export class Result {
  readonly mistakes: Mistake[] = [];
  matches = 0;

  get isValid(): boolean {
    return this.mistakes.length === 0;
  }

  add(mistake: Mistake): void {
    if (!this.mistakes.some(({ sentence }) => sentence === mistake.sentence)) this.mistakes.push(mistake);
  }

  merge(other: Result | undefined): void {
    if (other === undefined) return;
    for (const mistake of other.mistakes) this.add(mistake);
    this.matches += other.matches;
  }
}
