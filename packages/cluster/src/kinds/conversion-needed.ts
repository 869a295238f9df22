/**
 * The form that is asked for has to come from a webhook, which can't be waited for where this is thrown. Whoever can, waits for `fetched` and
 * tries again; then the form is there.
 */
export class ConversionNeeded extends Error {
  readonly fetched: Promise<void>;

  constructor(fetched: Promise<void>) {
    super("The conversion of an object has to be waited for.");
    this.name = "ConversionNeeded";
    this.fetched = fetched;
  }
}
