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

/** Nobody can say what an object is in the version that is asked for. */
export class ConversionError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ConversionError";
  }
}
