/** A text that can't become an object of the kind. The message is what Kubernetes says after `cannot be handled as a Pod: `. */
export class DecodeError extends Error {
  readonly code: "syntax" | "type" | "value";

  constructor(code: DecodeError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DecodeError";
    this.code = code;
  }
}
