export type IngressErrorCode = "address-in-use" | "not-allowed";

/** Why the ingress could not start or go on. */
export class IngressError extends Error {
  override readonly name = "IngressError";
  readonly code: IngressErrorCode;

  constructor(code: IngressErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
